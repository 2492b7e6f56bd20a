"""Leases: they bound how many do the same work, they do not exclude."""

from typing_extensions import override

from domain.ports.leases import Leases
from stores import keys
from stores.redis_client import RedisClient
from stores.redis_protocol import Script, as_int

MILLISECONDS = 1_000


class RedisLeases(Leases):
    def __init__(self, redis: RedisClient) -> None:
        self._redis = redis
        self._take = Script.named("take_lease")
        self._give_back = Script.named("give_back_lease")

    @override
    async def take(self, name: str, holder: str, seconds: float) -> bool:
        command = self._take.call(keys.lease(name), holder, round(seconds * MILLISECONDS))
        (reply,) = await self._redis.run([command], scripts=(self._take,))
        return as_int(reply) == 1

    @override
    async def give_back(self, name: str, holder: str) -> None:
        command = self._give_back.call(keys.lease(name), holder)
        await self._redis.run([command], scripts=(self._give_back,))
