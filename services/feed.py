"""One request's feed: its candidates, how fresh they are, and what would be new in it."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from domain.cursors import Argument
from domain.feed import CandidateSource, FeedInfo, Freshness
from domain.policy import Surface
from domain.ranking.candidates import Candidates
from domain.ranking.pipeline import rank
from domain.ranking.recipe import Recipe
from services.fallback import Fallback
from services.freshness import feed_info
from services.gathering import Further, Only, SeededColumns, Told, gather
from services.held_pools import BASE
from services.lack import Lack
from services.pool_cache import PoolCache
from services.ranked_lists import Ask, ListPage
from services.sources import Draw
from services.viewpoint import Viewpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a feed is made of.

    ``columns`` makes further columns for rows and a seed, ``only`` tells which rows may come in at
    all, ``told`` what their sources are called, ``fallback`` are the lists to draw from while
    pools never came, ``max_age`` (seconds) is for pools without a version where they are to be
    more current than usual. ``personal`` are the sources that need what is known of the viewer.
    """

    draws: Sequence[Draw]
    columns: SeededColumns | None = None
    only: Only | None = None
    told: Told | None = None
    fallback: Sequence[str] = BASE
    max_age: float | None = None
    personal: Sequence[CandidateSource] = ()


@dataclass(frozen=True, slots=True)
class Feeds:
    """What all feeds draw from."""

    cache: PoolCache
    fallback: Fallback

    def feed(self, viewpoint: Viewpoint, wanted: Wanted) -> "Feed":
        return Feed(self, viewpoint, wanted)


class Feed:
    def __init__(self, feeds: Feeds, viewpoint: Viewpoint, wanted: Wanted) -> None:
        self._cache = feeds.cache
        self._fallback = feeds.fallback
        self._viewpoint = viewpoint
        self._wanted = wanted
        self._lacking: Mapping[str, Lack] = {}  # pools
        self._level: Freshness | None = None

    def ask(
        self,
        recipe: Recipe,
        operation: str,
        arguments: Mapping[str, Argument],
        *,
        served: bytes = b"",
        pack: Callable[[Candidates], bytes] | None = None,
        rows: int = 300,
    ) -> Ask:
        return Ask(
            operation=operation,
            arguments=arguments,
            viewpoint=self._viewpoint,
            recipe=recipe,
            gather=lambda seed: self._bring(recipe.surface, seed),
            served=served,
            pack=pack,
            rows=rows,
        )

    def info(self, ask: Ask, page: ListPage) -> FeedInfo:
        return feed_info(
            self._viewpoint.context,
            self._cache,
            (draw.source for draw in self._wanted.draws),
            lacks=self._lacks(),
            fallback=self._level or self._fallback.serving,
            new_posts=None if page.is_first else self._new_posts(ask, page),
        )

    def gather(self, surface: Surface, seed: int = 0, among: Only | None = None) -> Candidates:
        """The candidates that are in this process, or some of them, judged for a kind of list."""
        wanted = self._wanted
        draws = wanted.draws
        if self._fallback.serving is not None:
            draws = self._fallback.draws(wanted.fallback)
        now = self._viewpoint.context.now
        only = [one for one in (among, wanted.only) if one is not None]
        further = Further(wanted.columns, seed, tuple(only), wanted.told)
        return gather(self._cache, draws, now, further, surface)

    async def _bring(self, surface: Surface, seed: int) -> Candidates:
        self._level = await self._fallback.level()
        if self._level is None:
            names = [draw.pool for draw in self._wanted.draws]
            self._lacking = await self._cache.require(names, max_age=self._wanted.max_age)
        return self.gather(surface, seed)

    def _lacks(self) -> Mapping[CandidateSource, Lack]:
        """The sources that are missing, or of which a part is."""
        started, lacks = self._viewpoint.context.started, dict[CandidateSource, Lack]()
        if started.degraded and self._viewpoint.context.viewer_id is not None:
            lacks = dict.fromkeys(self._wanted.personal, Lack.UNAVAILABLE)
        if self._lacking:
            for draw in self._wanted.draws:
                if (lack := self._lacking.get(draw.pool)) is not None:
                    lacks.setdefault(draw.source, lack)
        return lacks

    def _new_posts(self, ask: Ask, page: ListPage) -> int:
        """How many posts, unknown to the session, would now stand above its first one.

        What has not moved since the session was ranked stands where it stood, unless the viewer
        has changed: only the others are ranked.
        """
        table, ranked = self._cache.catalog.table, page.session.ranked
        known = table.rows(ranked.posts)
        leader = int(known[ranked.order[0]]) if ranked.order else -1
        taste = self._viewpoint.taste(table)
        since = ranked.created_at if taste.interactions == ranked.interactions else -math.inf
        candidates = self.gather(
            ask.recipe.surface,
            ranked.seed,
            lambda rows: table.news(rows, since, known) | (rows == leader),
        )
        if len(candidates) < 2:  # noqa: PLR2004 - the leader and one more
            return 0
        ranking = rank(
            candidates,
            taste,
            ask.recipe,
            now=self._viewpoint.context.now,
            excluded=self._viewpoint.excluded(table, candidates.row, served=ask.served),
        )
        standing = ranking.total[candidates.row == leader]
        if not len(standing):
            return 0
        above = ranking.order[ranking.total[ranking.order] > standing[0]]
        return int(np.count_nonzero(candidates.row[above] != leader))
