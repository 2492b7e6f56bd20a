"""Where logs end, by what a fetch says and not by what the broker answers when asked.

Tansu, the embedded broker, answers the question for the end with the offset behind the *first*
record of the last batch: up to a whole batch too low. The high watermark that comes with a fetch
is right on every broker.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition

WAIT: Final = 100  # milliseconds for a fetch


async def log_ends(
    consumer: AIOKafkaConsumer, places: Sequence[TopicPartition]
) -> Mapping[TopicPartition, int]:
    """One past the last offset of each log; the caller bounds the time.

    ``consumer`` belongs to no group and serves nothing else: its assignment is changed.
    """
    ends = await consumer.end_offsets(places)
    first = await consumer.beginning_offsets(places)
    unsure = [place for place in places if ends[place] > first[place]]
    consumer.assign(unsure)
    for place in unsure:
        consumer.seek(place, ends[place] - 1)
    while unsure:
        await consumer.getmany(timeout_ms=WAIT)
        for place in unsure:
            ends[place] = max(ends[place], consumer.highwater(place) or 0)
        unsure = [place for place in unsure if consumer.highwater(place) is None]
    return ends
