"""Full-text search with a second engine: where the first is away, or cannot hold all posts."""

from collections.abc import Awaitable, Callable, Sequence
from itertools import chain
from typing import Final, TypeVar

import structlog

from domain.errors import Unavailable
from domain.ports.search import Search, SearchHit, SearchHits, SearchQuery, Suggestion
from runtime.deadlines import bounded, remaining
from services.lack import Lack

FIRST_PART: Final = 0.6  # of the time that is left: then the second engine answers in time
SECOND_PART: Final = 1.0 - FIRST_PART
LONGEST: Final = 0.3  # seconds for both, where a request has no deadline

T = TypeVar("T")

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class SearchEngines:
    """Answers come with why they are not all that they should be, None where they are.

    ``first_is_bounded`` where the first engine holds the newest posts only: then the second is
    asked for what is missing to the number wanted, and its hits come behind.
    """

    def __init__(self, first: Search, second: Search, *, first_is_bounded: bool = False) -> None:
        self._first = first
        self._second = second
        self._first_is_bounded = first_is_bounded

    async def posts(self, query: SearchQuery) -> tuple[SearchHits, Lack | None]:
        return await self._hits(query.limit, lambda engine: engine.posts(query))

    async def creators(self, query: SearchQuery) -> tuple[SearchHits, Lack | None]:
        return await self._hits(query.limit, lambda engine: engine.creators(query))

    async def hashtags(self, query: SearchQuery) -> tuple[SearchHits, Lack | None]:
        return await self._hits(query.limit, lambda engine: engine.hashtags(query))

    async def suggest(self, prefix: str, limit: int) -> Sequence[Suggestion]:
        found, rest = await self._ask(
            lambda engine: engine.suggest(prefix, limit), lambda found: len(found) < limit
        )
        parts = [part for part in (found, rest) if part and not isinstance(part, Lack)]
        return list(dict.fromkeys(chain.from_iterable(parts)))[:limit]

    async def _hits(
        self, limit: int, ask: Callable[[Search], Awaitable[SearchHits]]
    ) -> tuple[SearchHits, Lack | None]:
        found, rest = await self._ask(ask, lambda found: len(found.hits) < limit)
        if isinstance(found, Lack):
            return rest if isinstance(rest, SearchHits) else SearchHits((), None), found
        if not self._first_is_bounded:
            return found, None
        if isinstance(rest, SearchHits):
            return _joined(found, rest, limit), None
        # How many there are besides nobody counted.
        return SearchHits(found.hits, None), rest

    async def _ask(
        self, ask: Callable[[Search], Awaitable[T]], is_short: Callable[[T], bool]
    ) -> tuple[T | Lack, T | Lack | None]:
        """What each engine says; None from one that need not be asked."""
        left = remaining()
        seconds = LONGEST if left is None else min(left, LONGEST)
        found = await _answer(ask, self._first, seconds * FIRST_PART)
        if isinstance(found, Lack) or (self._first_is_bounded and is_short(found)):
            return found, await _answer(ask, self._second, seconds * SECOND_PART)
        return found, None


async def _answer(
    ask: Callable[[Search], Awaitable[T]], engine: Search, seconds: float
) -> T | Lack:
    try:
        async with bounded(seconds):
            return await ask(engine)
    except (Unavailable, TimeoutError) as failure:
        log.warning("search.unavailable", failure=str(failure))
        timed_out = isinstance(failure, TimeoutError) or isinstance(
            failure.__cause__, TimeoutError
        )
        return Lack.TIMEOUT if timed_out else Lack.UNAVAILABLE


def _joined(found: SearchHits, rest: SearchHits, limit: int) -> SearchHits:
    """All that the first engine found, then what only the second has.

    Each engine measures relevance in its own way: what counts is how near a hit comes to the best
    of its engine.
    """
    known = {hit.id for hit in found.hits}
    scale = _best(found) / _best(rest)
    further = [
        SearchHit(hit.id, hit.score * scale, hit.highlights)
        for hit in rest.hits
        if hit.id not in known
    ]
    return SearchHits((*found.hits, *further)[:limit], _total(found, rest, len(further)))


def _best(hits: SearchHits) -> float:
    return max((hit.score for hit in hits.hits if hit.score > 0.0), default=1.0)


def _total(found: SearchHits, rest: SearchHits, further: int) -> int | None:
    """How many match in either engine, None where that cannot be known."""
    if rest.total is None:
        return None
    only_first = len(found.hits) - (len(rest.hits) - further)
    # Those may be among the ones that the second engine counted and did not send.
    if only_first and rest.total > len(rest.hits):
        return None
    return rest.total + only_first
