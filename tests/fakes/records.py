"""Caches of records in memory, in front of a projection."""

from collections.abc import Sequence

from domain.creators import CreatorRecord
from domain.ports.creators import CreatorRecords
from domain.ports.posts import PostRecords
from domain.posts import PostRecord


class MemoryPostRecords:
    def __init__(self, projection: PostRecords) -> None:
        self._projection = projection
        self._held: dict[str, PostRecord] = {}
        self._owed: set[str] = set()

    async def held(self, ids: Sequence[str]) -> Sequence[PostRecord | None]:
        return [self._held.get(one) for one in ids]

    async def get_many(self, ids: Sequence[str]) -> Sequence[PostRecord | None]:
        missing = [one for one in ids if one not in self._held]
        if missing:
            found = await self._projection.get_many(missing)
            await self.put_many([record for record in found if record is not None])
        return await self.held(ids)

    async def put_many(self, records: Sequence[PostRecord]) -> None:
        for record in records:
            held = self._held.get(record.id)
            if held is None or held.revision <= record.revision:
                self._held[record.id] = record

    async def remove(self, ids: Sequence[str]) -> None:
        for one in ids:
            self._held.pop(one, None)

    async def owe(self, ids: Sequence[str]) -> None:
        self._owed.update(ids)

    async def owed(self, ids: Sequence[str]) -> Sequence[bool]:
        return [one in self._owed for one in ids]

    async def settle(self, ids: Sequence[str]) -> None:
        self._owed.difference_update(ids)


class MemoryCreatorRecords:
    def __init__(self, projection: CreatorRecords) -> None:
        self._projection = projection
        self._held: dict[str, CreatorRecord] = {}

    async def get_many(self, ids: Sequence[str]) -> Sequence[CreatorRecord | None]:
        missing = [one for one in ids if one not in self._held]
        if missing:
            found = await self._projection.get_many(missing)
            await self.put_many([record for record in found if record is not None])
        return [self._held.get(one) for one in ids]

    async def put_many(self, records: Sequence[CreatorRecord]) -> None:
        for record in records:
            held = self._held.get(record.id)
            if held is None or held.revision <= record.revision:
                self._held[record.id] = record

    async def by_handle(self, handle: str) -> CreatorRecord | None:
        return await self._projection.by_handle(handle)
