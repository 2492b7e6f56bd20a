"""What the same people did as lists, made anew now and then: posts, and creators to follow."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from domain import pools
from domain.ports.follows import Follows
from domain.ports.interactions import EngagedPairs
from domain.ports.pools import PoolWriter
from domain.ranking.cooccurrence import similar_items
from runtime.clock import Clock

LOOKED_BACK: Final = 30 * 86_400.0  # seconds
MOST_PAIRS: Final = 200_000  # of a person and a thing, the latest
MOST_WRITTEN: Final = 1_000  # lists of a round; the others follow in the next ones

Pairs = Callable[[], Awaitable[Sequence[tuple[str, str]]]]


class SimilarLists:
    """``pairs`` brings who chose what; ``name`` is the list of a thing."""

    def __init__(self, pairs: Pairs, name: Callable[[str], str], writer: PoolWriter) -> None:
        self._pairs = pairs
        self._name = name
        self._writer = writer
        self._written: dict[str, Mapping[str, float]] = {}

    async def derive(self) -> None:
        """Write the lists that changed; those without members any more are emptied."""
        lists = await asyncio.to_thread(similar_items, await self._pairs())
        changed = [
            item
            for item in {**lists, **self._written}
            if lists.get(item, {}) != self._written.get(item, {})
        ]
        for item in changed[:MOST_WRITTEN]:
            members = lists.get(item, {})
            await self._writer.replace(self._name(item), members)
            if members:
                self._written[item] = members
            else:
                del self._written[item]


def similar_posts(engaged: EngagedPairs, writer: PoolWriter, clock: Clock) -> SimilarLists:
    """Posts that the same people engaged with lately."""
    return SimilarLists(
        lambda: engaged.pairs(since=clock.now() - LOOKED_BACK, limit=MOST_PAIRS),
        pools.similar,
        writer,
    )


def creators_followed_together(follows: Follows, writer: PoolWriter) -> SimilarLists:
    """Creators whom the same people follow."""
    return SimilarLists(lambda: follows.pairs(limit=MOST_PAIRS), pools.followed_with, writer)
