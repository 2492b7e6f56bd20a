"""A creator's posts from the newest on, as a caller may see them."""

from typing import Final

from domain import pools
from domain.errors import Unavailable
from domain.ports import Place, PostProjection
from domain.posts import PostRecord
from services.context import RequestContext
from services.pool_cache import PoolCache

ROUNDS: Final = 4  # readings of one page, where many posts are hidden from the caller


class NewestPosts:
    def __init__(self, projection: PostProjection, cache: PoolCache) -> None:
        self._projection = projection
        self._cache = cache

    async def visible(
        self, context: RequestContext, creator_id: str, limit: int, before: Place | None
    ) -> list[PostRecord]:
        """Up to ``limit`` posts, taken into the catalog.

        While the projection is away, those that the process or the author's pool knows.
        """
        found: list[PostRecord] = []
        try:
            for _ in range(ROUNDS):
                batch = await self._projection.of_creator(creator_id, limit=limit, before=before)
                found += [record for record in batch if _is_visible(record, context)]
                if len(found) >= limit or len(batch) < limit:
                    break
                before = (batch[-1].created_at, batch[-1].id)
        except Unavailable:
            found = await self._known(context, creator_id, before)
        found = found[:limit]
        await self._cache.catalog.take_in(found)
        return found

    async def _known(
        self, context: RequestContext, creator_id: str, before: Place | None
    ) -> list[PostRecord]:
        name = pools.by_author(creator_id)
        await self._cache.require([name])
        table = self._cache.catalog.table
        records = [table.record(row) for row in self._cache.pool(name).rows.tolist()]
        records.sort(key=lambda record: (record.created_at, record.id), reverse=True)
        return [
            record
            for record in records
            if _is_visible(record, context)
            and (before is None or (record.created_at, record.id) < before)
        ]


def _is_visible(record: PostRecord, context: RequestContext) -> bool:
    return record.visible_to(context.viewer_id) or (context.may_moderate and not record.deleted)
