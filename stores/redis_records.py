"""Records of posts and creators in Redis, in front of their projections."""

from collections.abc import Callable, Sequence
from typing import Final, Generic, Protocol, TypeVar

import msgspec
from typing_extensions import override

from domain.creators import CreatorRecord
from domain.ports.creators import CreatorRecordCache, CreatorRecords
from domain.ports.posts import PostRecordCache, PostRecords
from domain.posts import PostRecord
from stores import keys
from stores.redis_client import RedisClient
from stores.redis_protocol import Script, as_int, as_list
from stores.revisions import guarded, unframed

CHUNK: Final = 200  # records of one pipeline


class Record(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def revision(self) -> int: ...


R = TypeVar("R", bound=Record)


R_co = TypeVar("R_co", bound=Record, covariant=True)


class Projection(Protocol[R_co]):
    async def get_many(self, ids: Sequence[str]) -> Sequence[R_co | None]: ...


class _Records(Generic[R]):
    """What is not here is asked from the projection once and kept."""

    def __init__(
        self,
        redis: RedisClient,
        projection: Projection[R],
        record: type[R],
        key: Callable[[str], str],
    ) -> None:
        self._redis = redis
        self._projection = projection
        self._key = key
        self._put = Script.named("put_latest")
        self._pack = msgspec.msgpack.Encoder().encode
        self._decoder = msgspec.msgpack.Decoder(record)

    async def held(self, ids: Sequence[str]) -> Sequence[R | None]:
        values = await self._redis.values([self._key(one) for one in ids])
        return [self._unpack(value) for value in values]

    async def get_many(self, ids: Sequence[str]) -> Sequence[R | None]:
        found = await self.held(ids)
        missing = [one for one, record in zip(ids, found, strict=True) if record is None]
        if not missing:
            return found
        loaded = [record for record in await self._projection.get_many(missing) if record]
        await self.put_many(loaded)
        by_id = {record.id: record for record in loaded}
        return [record or by_id.get(one) for one, record in zip(ids, found, strict=True)]

    async def put_many(self, records: Sequence[R]) -> None:
        for first in range(0, len(records), CHUNK):
            await self._redis.run(
                [self._put_one(record) for record in records[first : first + CHUNK]],
                scripts=(self._put,),
            )

    def _put_one(self, record: R) -> tuple[str | bytes | int | float, ...]:
        arguments = guarded(record.revision, self._pack(record), keys.RECORD_LIFE)
        return self._put.call(self._key(record.id), *arguments)

    def _unpack(self, value: bytes | None) -> R | None:
        if value is None:
            return None
        try:
            return self._decoder.decode(unframed(value))
        except msgspec.DecodeError:  # of another version of the code: the projection knows
            return None


class RedisPostRecords(PostRecordCache):
    def __init__(self, redis: RedisClient, projection: PostRecords) -> None:
        self._redis = redis
        self._records = _Records(redis, projection, PostRecord, keys.post)

    @override
    async def held(self, ids: Sequence[str]) -> Sequence[PostRecord | None]:
        return await self._records.held(ids)

    @override
    async def get_many(self, ids: Sequence[str]) -> Sequence[PostRecord | None]:
        return await self._records.get_many(ids)

    @override
    async def put_many(self, records: Sequence[PostRecord]) -> None:
        await self._records.put_many(records)

    @override
    async def remove(self, ids: Sequence[str]) -> None:
        await self._redis.run([("DEL", keys.post(post_id)) for post_id in ids])

    @override
    async def owe(self, ids: Sequence[str]) -> None:
        if ids:
            await self._redis.run([("SADD", keys.OWED, *ids)])

    @override
    async def owed(self, ids: Sequence[str]) -> Sequence[bool]:
        if not ids:
            return []
        (found,) = await self._redis.run([("SMISMEMBER", keys.OWED, *ids)])
        return [as_int(one) == 1 for one in as_list(found)]

    @override
    async def settle(self, ids: Sequence[str]) -> None:
        if ids:
            await self._redis.run([("SREM", keys.OWED, *ids)])


class RedisCreatorRecords(CreatorRecordCache):
    def __init__(self, redis: RedisClient, projection: CreatorRecords) -> None:
        self._projection = projection
        self._records = _Records(redis, projection, CreatorRecord, keys.creator)

    @override
    async def get_many(self, ids: Sequence[str]) -> Sequence[CreatorRecord | None]:
        return await self._records.get_many(ids)

    @override
    async def put_many(self, records: Sequence[CreatorRecord]) -> None:
        await self._records.put_many(records)

    @override
    async def by_handle(self, handle: str) -> CreatorRecord | None:
        return await self._projection.by_handle(handle)
