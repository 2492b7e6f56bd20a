"""Full-text search with a second engine for when the first is away."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

import structlog

from domain.errors import Unavailable
from domain.ports import Search, SearchHits, SearchQuery
from runtime.deadlines import bounded, remaining

FIRST_PART: Final = 0.6  # of the time that is left: then the second engine answers in time
LONGEST: Final = 0.3  # seconds for both, where a request has no deadline

T = TypeVar("T")

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class SearchEngines:
    """Answers come with whether the first engine gave them."""

    def __init__(self, first: Search, second: Search) -> None:
        self._first = first
        self._second = second

    async def posts(self, query: SearchQuery) -> tuple[SearchHits, bool]:
        return await self._ask(lambda engine: engine.posts(query), SearchHits((), None))

    async def creators(self, query: SearchQuery) -> tuple[SearchHits, bool]:
        return await self._ask(lambda engine: engine.creators(query), SearchHits((), None))

    async def hashtags(self, query: SearchQuery) -> tuple[SearchHits, bool]:
        return await self._ask(lambda engine: engine.hashtags(query), SearchHits((), None))

    async def suggest(self, prefix: str, limit: int) -> Sequence[tuple[str, str]]:
        nothing: Sequence[tuple[str, str]] = ()
        found, _ = await self._ask(lambda engine: engine.suggest(prefix, limit), nothing)
        return found

    async def _ask(self, ask: Callable[[Search], Awaitable[T]], nothing: T) -> tuple[T, bool]:
        left = remaining()
        seconds = LONGEST if left is None else min(left, LONGEST)
        for engine, part in ((self._first, FIRST_PART), (self._second, 1.0 - FIRST_PART)):
            try:
                async with bounded(seconds * part):
                    return await ask(engine), engine is self._first
            except (Unavailable, TimeoutError) as failure:
                log.warning("search.unavailable", failure=str(failure))
        return nothing, False
