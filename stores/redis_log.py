"""What Redis knows about Kafka's logs: their least epoch, and how many partitions topics have."""

from collections.abc import Mapping

from stores import keys
from stores.redis_client import RedisClient
from stores.redis_protocol import Argument, as_int


class RedisLog:
    def __init__(self, redis: RedisClient) -> None:
        self._redis = redis

    async def epoch(self) -> int:
        """Raised by whoever starts a broker that forgets its log."""
        (reply,) = await self._redis.run([("GET", keys.LOG_EPOCH)])
        return as_int(reply)

    async def store(self) -> str:
        """Changes when a server of the store was restarted or replaced."""
        return await self._redis.identities()

    async def note_partitions(self, counts: Mapping[str, int]) -> None:
        """Tell those who look for a post's counters, without asking Kafka."""
        arguments: list[Argument] = []
        for topic, count in counts.items():
            arguments += (topic, count)
        if arguments:
            await self._redis.run([("HSET", keys.LOG_PARTITIONS, *arguments)])

    async def note_missing(self, counts: Mapping[str, int]) -> None:
        """Tell them again what the store lost; what somebody else told them since stays."""
        if counts:
            await self._redis.run(
                [("HSETNX", keys.LOG_PARTITIONS, topic, count) for topic, count in counts.items()]
            )
