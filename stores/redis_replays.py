"""Which dead letters were put back, and what a replay is about to put back."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from stores import keys
from stores.redis_client import RedisClient
from stores.redis_protocol import as_bytes, as_list

CHUNK: Final = 1_000


class Intent(msgspec.Struct, frozen=True, array_like=True):
    """Origins that are about to be put back, and where the logs ended before that.

    ``since`` holds an offset by topic and partition.
    """

    origins: list[str]
    since: dict[str, dict[int, int]]


class RedisReplays:
    """Of one epoch of the logs: offsets of another mean other records."""

    def __init__(self, redis: RedisClient, epoch: int) -> None:
        self._redis = redis
        self._done = keys.replayed(epoch)
        self._intent = keys.replay_intent(epoch)

    async def are_done(self, origins: Sequence[str]) -> Mapping[str, bool]:
        if not origins:
            return {}
        (reply,) = await self._redis.run([("SMISMEMBER", self._done, *origins)])
        return {origin: held == 1 for origin, held in zip(origins, as_list(reply), strict=True)}

    async def intent(self) -> Intent | None:
        (reply,) = await self._redis.run([("GET", self._intent)])
        packed = as_bytes(reply)
        return None if packed is None else msgspec.msgpack.decode(packed, type=Intent)

    async def begin(self, intent: Intent) -> None:
        await self._redis.run(
            [("SET", self._intent, msgspec.msgpack.encode(intent), "EX", keys.REPLAY_LIFE)]
        )

    async def finish(self, origins: Sequence[str]) -> None:
        """These are put back; nothing is under way any more."""
        for first in range(0, len(origins), CHUNK):
            await self._redis.run([("SADD", self._done, *origins[first : first + CHUNK])])
        await self._redis.run([("EXPIRE", self._done, keys.REPLAY_LIFE)])
        await self._redis.run([("DEL", self._intent)])
