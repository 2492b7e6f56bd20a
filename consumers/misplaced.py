"""Notices records in another partition than Kafka's default partitioner gives their key.

Whoever looks for what is counted of a key looks in that partition: what a producer with another
partitioner (librdkafka's own default is CRC32) puts elsewhere is counted where nobody looks.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import structlog

from consumers.batches import Record
from stores.partitions import partitions_of

EVERY: Final = 60.0  # seconds between two words about a topic

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class Misplaced:
    """``partitions`` are those of each topic that is looked at."""

    def __init__(self, partitions: Mapping[str, int]) -> None:
        self._partitions = partitions
        self._unsaid: dict[str, int] = {}
        self._said: dict[str, float] = {}

    def look(self, records: Sequence[Record], now: float) -> None:
        """Count them and say so, at most once a minute; ``now`` is in seconds of any clock."""
        for topic, partitions in self._partitions.items():
            own = [one for one in records if one.place.topic == topic]
            if not own:
                continue
            places = partitions_of([one.key or b"" for one in own], partitions)
            misplaced = sum(
                one.key is None or one.place.partition != place
                for one, place in zip(own, places, strict=True)
            )
            if misplaced:
                self._unsaid[topic] = self._unsaid.get(topic, 0) + misplaced
            self._say(topic, now)

    def _say(self, topic: str, now: float) -> None:
        if topic not in self._unsaid or now - self._said.get(topic, float("-inf")) < EVERY:
            return
        log.error(
            "records.misplaced",
            topic=topic,
            records=self._unsaid.pop(topic),
            remedy="producers must use the murmur2 partitioner (librdkafka: murmur2_random)",
        )
        self._said[topic] = now
