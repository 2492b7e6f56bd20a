"""Records from the cache or, while it is away, from the projection behind it.

For what callers ask for by name. Lists do not come this way: without their pools they go on with
what the process holds, so that a cache that is away does not move its load to the projection.
"""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Final

from domain.creators import CreatorRecord
from domain.errors import Unavailable
from domain.ports.creators import CreatorRecords
from domain.ports.posts import PostRecords
from domain.posts import PostRecord
from runtime.deadlines import bounded, remaining

MOST: Final = 100  # records of one call; more are no caller's question
CACHE_SECONDS: Final = 0.04  # that a request gives the cache, so that time is left for the other


class PostFallback:
    def __init__(self, cache: PostRecords, projection: PostRecords) -> None:
        self._cache = cache
        self._projection = projection

    async def get_many(self, ids: Sequence[str]) -> Sequence[PostRecord | None]:
        try:
            async with _cut_short():
                return await self._cache.get_many(ids)
        except (Unavailable, TimeoutError) as failure:
            if len(ids) > MOST:
                raise Unavailable("redis") from failure
        return await self._projection.get_many(ids)


class CreatorFallback:
    def __init__(self, cache: CreatorRecords, projection: CreatorRecords) -> None:
        self._cache = cache
        self._projection = projection

    async def get_many(self, ids: Sequence[str]) -> Sequence[CreatorRecord | None]:
        try:
            async with _cut_short():
                return await self._cache.get_many(ids)
        except (Unavailable, TimeoutError) as failure:
            if len(ids) > MOST:
                raise Unavailable("redis") from failure
        return await self._projection.get_many(ids)

    async def by_handle(self, handle: str) -> CreatorRecord | None:
        return await self._projection.by_handle(handle)


def _cut_short() -> AbstractAsyncContextManager[object]:
    """A limit for the cache inside a request; none in the background."""
    return nullcontext() if remaining() is None else bounded(CACHE_SECONDS)
