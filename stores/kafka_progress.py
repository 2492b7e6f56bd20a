"""How far consumer groups have come, by what they committed."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Final

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from domain.errors import Unavailable
from stores.kafka_stops import stopped

REQUEST: Final = 5.0  # seconds for one look


class KafkaProgress:
    """Connects when first used, and again whenever that failed."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._admin: AIOKafkaAdminClient | None = None

    async def reached(
        self, group: str, places: Collection[tuple[str, int]]
    ) -> Mapping[tuple[str, int], int]:
        """The offset behind the last record done, by topic and partition; 0 where none is."""
        try:
            async with asyncio.timeout(REQUEST):
                admin = await self._connected()
                partitions = [TopicPartition(*place) for place in places]
                found = await admin.list_consumer_group_offsets(group, partitions=partitions)
        except (KafkaError, TimeoutError, OSError) as error:
            await self.close()
            raise Unavailable("kafka", type(error).__name__) from error
        return {
            (partition.topic, partition.partition): max(0, offset)
            for partition, (offset, _) in found.items()
        }

    async def close(self) -> None:
        admin, self._admin = self._admin, None
        if admin is not None:
            await stopped(admin)

    async def _connected(self) -> AIOKafkaAdminClient:
        if self._admin is None:
            admin = AIOKafkaAdminClient(bootstrap_servers=self._bootstrap)
            try:
                await admin.start()
            except BaseException:
                await stopped(admin)
                raise
            self._admin = admin
        return self._admin
