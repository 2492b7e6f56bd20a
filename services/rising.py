"""Creators who rise, from their pools or from the posts that trend, and who go with whom."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from domain import pools
from domain.trending import Window
from services.fallback import Fallback
from services.pool_cache import PoolCache

MOST: Final = 200


class Rising:
    def __init__(self, cache: PoolCache, fallback: Fallback) -> None:
        self._cache = cache
        self._fallback = fallback

    async def require(self, topics: Iterable[str], followed: Iterable[str] = ()) -> None:
        """Wait, not for long, for what is needed to answer for all, these topics and creators."""
        if await self._fallback.level() is None:
            by_topic = map(pools.creators, topics)
            names = [pools.creators(), *by_topic, *map(pools.followed_with, followed)]
            await self._cache.require(names)

    def followed_with(self, creator_id: str) -> Sequence[str]:
        """Ids of creators whom the same people follow, best first."""
        listing = self._cache.listing(pools.followed_with(creator_id))
        return () if listing is None else listing.names

    def creators(self, topic: str = pools.ALL) -> Sequence[str]:
        """Ids, best first, of one topic or of all."""
        listing = self._cache.listing(pools.creators(topic))
        if listing is not None and listing.names:
            return listing.names[:MOST]
        return self._authors(topic)

    def _authors(self, topic: str) -> Sequence[str]:
        """The authors of the posts that trend, then of new ones, once each."""
        table = self._cache.catalog.table
        lists = (pools.trending_worldwide(Window.DAY), pools.fresh())
        rows = np.concatenate([self._cache.pool(name).rows for name in lists])
        rows = rows[table.columns.recommendable[rows]]
        if topic != pools.ALL:
            rows = rows[table.of_category(rows, topic)]
        authors = dict.fromkeys(table.columns.author[rows].tolist())
        return [table.authors.text(code) for code in authors][:MOST]
