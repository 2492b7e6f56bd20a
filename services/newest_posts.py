"""A creator's posts from the newest on, as a caller may see them."""

from collections.abc import Collection

from domain import pools
from domain.eligibility import is_shown
from domain.errors import Unavailable
from domain.moderation import ReviewStatus
from domain.ports.posts import Place, PostProjection
from domain.posts import PostRecord
from services.context import RequestContext
from services.pool_cache import PoolCache


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
        try:
            found = list(
                await self._projection.of_creator(
                    creator_id,
                    limit=limit,
                    before=before,
                    statuses=_shown_to(context, creator_id),
                )
            )
        except Unavailable:
            found = (await self._known(context, creator_id, before))[:limit]
        await self._cache.catalog.take_in(found)
        return found

    async def _known(
        self, context: RequestContext, creator_id: str, before: Place | None
    ) -> list[PostRecord]:
        name = pools.by_author(creator_id)
        await self._cache.require([name])
        table = self._cache.catalog.table
        records = [table.record(row) for row in self._cache.pool(name).rows.tolist()]
        statuses = _shown_to(context, creator_id)
        records.sort(key=lambda record: (record.created_at, record.id), reverse=True)
        return [
            record
            for record in records
            if record.status in statuses
            and not record.deleted
            and (before is None or (record.created_at, record.id) < before)
        ]


def _shown_to(context: RequestContext, creator_id: str) -> Collection[ReviewStatus]:
    """Statuses of the creator's posts that the caller may see.

    The store leaves out the others: behind any number of hidden posts the next one is found.
    """
    own = context.viewer_id == creator_id
    return [s for s in ReviewStatus if context.may_moderate or is_shown(s, own=own)]
