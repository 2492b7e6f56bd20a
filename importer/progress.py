"""How far an import has come, kept in Redis beside the counters that it moves.

It lies with the data and not in a file: it is lost exactly when they are, and whoever imports the
same files again, from wherever, finds it.
"""

from typing import Protocol

import msgspec
from typing_extensions import override

from stores import keys
from stores.redis_client import RedisClient
from stores.redis_protocol import as_bytes


class Progress(msgspec.Struct, frozen=True, array_like=True):
    """How far it is.

    `as_of` is the moment that newest facts are shifted to, None where nothing is shifted; `told`
    the number of facts whose events are acknowledged.
    """

    as_of: float | None
    told: int = 0
    complete: bool = False


class ProgressStore(Protocol):
    async def read(self, digest: str) -> Progress | None: ...
    async def write(self, digest: str, progress: Progress) -> None: ...


class RedisProgress(ProgressStore):
    def __init__(self, redis: RedisClient) -> None:
        self._redis = redis

    @override
    async def read(self, digest: str) -> Progress | None:
        (reply,) = await self._redis.run([("GET", keys.IMPORT + digest)])
        packed = as_bytes(reply)
        return None if packed is None else msgspec.msgpack.decode(packed, type=Progress)

    @override
    async def write(self, digest: str, progress: Progress) -> None:
        await self._redis.run([("SET", keys.IMPORT + digest, msgspec.msgpack.encode(progress))])
