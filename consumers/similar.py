"""Posts that the same people engaged with, as lists ``similar:{post}``, made anew now and then."""

import asyncio
from collections.abc import Mapping
from typing import Final

from domain import pools
from domain.ports import EngagedPairs, PoolWriter
from domain.ranking.cooccurrence import similar_items
from runtime.clock import Clock

LOOKED_BACK: Final = 30 * 86_400.0  # seconds
MOST_PAIRS: Final = 200_000  # of a person and a post, the latest
MOST_WRITTEN: Final = 1_000  # lists of a round; the others follow in the next ones


class SimilarPosts:
    def __init__(self, engaged: EngagedPairs, writer: PoolWriter, clock: Clock) -> None:
        self._engaged = engaged
        self._writer = writer
        self._clock = clock
        self._written: dict[str, Mapping[str, float]] = {}

    async def derive(self) -> None:
        """Write the lists that changed; those without members any more are emptied."""
        since = self._clock.now() - LOOKED_BACK
        pairs = await self._engaged.pairs(since=since, limit=MOST_PAIRS)
        lists = await asyncio.to_thread(similar_items, pairs)
        changed = [
            post
            for post in {**lists, **self._written}
            if lists.get(post, {}) != self._written.get(post, {})
        ]
        for post in changed[:MOST_WRITTEN]:
            members = lists.get(post, {})
            await self._writer.replace(pools.similar(post), members)
            if members:
                self._written[post] = members
            else:
                del self._written[post]
