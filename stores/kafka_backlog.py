"""How many records consumers have still to work on, by what they committed."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from domain.errors import Unavailable
from stores.kafka_log_ends import log_ends
from stores.kafka_stops import stopped
from stores.kafka_topics import count_partitions

REQUEST: Final = 10.0  # seconds for one look


class KafkaBacklog:
    """Looks at the groups given, each with the topics that it reads; opened when first used."""

    def __init__(self, bootstrap: str, readers: Mapping[str, Sequence[str]]) -> None:
        self._bootstrap = bootstrap
        self._readers = readers
        self._places: dict[str, list[TopicPartition]] = {}
        self._admin: AIOKafkaAdminClient | None = None
        self._ends: AIOKafkaConsumer | None = None

    async def of_groups(self) -> Mapping[str, int]:
        """Records behind the end of the log, of each group.

        Raises:
            Unavailable: Kafka did not answer.
            MissingTopics: some of the topics do not exist.

        """
        try:
            async with asyncio.timeout(REQUEST):
                admin, ends = await self._opened()
                every = sorted({place for places in self._places.values() for place in places})
                end = await log_ends(ends, every)
                first = await ends.beginning_offsets(every)
                backlog: dict[str, int] = {}
                for group, places in self._places.items():
                    reached = await admin.list_consumer_group_offsets(group, partitions=places)
                    backlog[group] = sum(
                        max(0, end[place] - max(_offset(reached.get(place)), first[place]))
                        for place in places
                    )
                return backlog
        except (KafkaError, TimeoutError, OSError) as error:
            await self.close()
            raise Unavailable("kafka", type(error).__name__) from error

    async def close(self) -> None:
        admin, ends, self._admin, self._ends = self._admin, self._ends, None, None
        if admin is not None:
            await stopped(admin)
        if ends is not None:
            await stopped(ends)

    async def _opened(self) -> tuple[AIOKafkaAdminClient, AIOKafkaConsumer]:
        if self._admin is None or self._ends is None:
            topics = sorted({topic for topics in self._readers.values() for topic in topics})
            counts = await count_partitions(self._bootstrap, topics)
            self._places = {
                group: [TopicPartition(t, number) for t in read for number in range(counts[t])]
                for group, read in self._readers.items()
            }
            milliseconds = round(REQUEST * 1_000)
            self._admin = AIOKafkaAdminClient(
                bootstrap_servers=self._bootstrap, request_timeout_ms=milliseconds
            )
            self._ends = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, fetch_max_wait_ms=50)
            await self._admin.start()
            await self._ends.start()
        return self._admin, self._ends


def _offset(committed: tuple[int, str] | None) -> int:
    """-1 where the group has committed nothing."""
    return -1 if committed is None else committed[0]
