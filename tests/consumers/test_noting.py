"""What consumers tell Redis of the topics, and tell it again."""

import asyncio
from collections.abc import Mapping

import pytest
from typing_extensions import override

from consumers.noting import keep_noted
from domain.topics import ENGAGEMENT_UPDATED, POST_INGESTED
from stores import keys
from stores.redis_client import RedisClient
from stores.redis_log import RedisLog
from stores.redis_protocol import as_int


class Heard(RedisLog):
    def __init__(self, redis: RedisClient) -> None:
        super().__init__(redis)
        self.told = asyncio.Event()

    @override
    async def note_missing(self, counts: Mapping[str, int]) -> None:
        self.told.clear()
        await super().note_missing(counts)
        self.told.set()

    async def once_more(self) -> None:
        """Until it was told from beginning to end after this call."""
        for _ in range(2):
            self.told.clear()
            await self.told.wait()


async def noted(redis: RedisClient, topic: str) -> int:
    (reply,) = await redis.run([("HGET", keys.LOG_PARTITIONS, topic)])
    return as_int(reply)


@pytest.mark.integration
async def test_partitions_that_redis_lost_are_told_again(redis: RedisClient) -> None:
    log, stopping = Heard(redis), asyncio.Event()
    # Somebody else knows that one has grown.
    await log.note_partitions({POST_INGESTED.name: 8})
    counts = {ENGAGEMENT_UPDATED.name: 4, POST_INGESTED.name: 6}
    async with asyncio.timeout(5.0), asyncio.TaskGroup() as group:
        group.create_task(keep_noted(log, counts, stopping, seconds=0.01))
        await log.once_more()
        assert await noted(redis, ENGAGEMENT_UPDATED.name) == 4
        assert await noted(redis, POST_INGESTED.name) == 8
        await redis.run([("FLUSHALL",)])
        await log.once_more()
        assert await noted(redis, POST_INGESTED.name) == 6
        stopping.set()
