"""Creators into PostgreSQL, and what follows: the cache and the change feed."""

from collections.abc import Sequence

from domain.ports.creators import CreatorProjection, CreatorRecordCache, StoredUser
from domain.ports.pools import PoolWriter


class CreatorChanges:
    def __init__(
        self, projection: CreatorProjection, cache: CreatorRecordCache, lists: PoolWriter
    ) -> None:
        self._projection = projection
        self._cache = cache
        self._lists = lists

    async def update(self, users: Sequence[StoredUser]) -> None:
        if users:
            await self.follow(await self._projection.update(users))

    async def follow(self, creator_ids: Sequence[str]) -> None:
        """Make the cache say what the projection says."""
        found = await self._projection.get_many(list(dict.fromkeys(creator_ids)))
        records = [record for record in found if record is not None]
        await self._cache.put_many(records)
        await self._lists.announce(creators=[record.id for record in records])
