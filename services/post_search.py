"""Posts that match a query: found by an engine, ranked and checked like every other list."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final

import msgspec
import numpy as np

from domain.errors import Unavailable
from domain.feed import CandidateSource
from domain.policy import Surface
from domain.ports.search import SearchHits, SearchQuery
from domain.ranking.candidates import Candidates
from domain.ranking.paging import still_allowed
from domain.ranking.query import Query
from domain.ranking.recipes import SEARCH
from services.context import RequestContext
from services.feed_items import FeedItems
from services.freshness import feed_info
from services.gathering import describe, trend_columns
from services.lack import Lack
from services.pages import Page, SearchItem
from services.pool_cache import PoolCache
from services.posts import PostReader
from services.ranked_lists import Ask, RankedLists
from services.search_engines import SearchEngines
from services.viewpoint import Viewpoint

NEEDS_POOLS: Final = (CandidateSource.TRENDING,)  # what trends ranks hits


class PostSearchExtra(msgspec.Struct, array_like=True):
    """Highlights per row of a session, and how many posts matched in all."""

    highlights: list[tuple[str, ...]]
    total: int | None


class PostSearch:
    def __init__(
        self,
        engines: SearchEngines,
        cache: PoolCache,
        lists: RankedLists,
        items: FeedItems,
        posts: PostReader,
    ) -> None:
        self._engines = engines
        self._cache = cache
        self._lists = lists
        self._items = items
        self._posts = posts

    async def page(
        self, context: RequestContext, query: SearchQuery, first: int, after: str | None
    ) -> Page[SearchItem]:
        looking = _Looking(self._engines, self._cache, query, context.now)
        ask = Ask(
            operation="search.posts",
            arguments=asdict(query),
            viewpoint=Viewpoint(context),
            recipe=SEARCH,
            gather=looking.gather,
            pack=looking.pack,
            rows=query.limit,
        )
        page = await self._lists.page(ask, first, after)
        self._lists.keep(ask, page)
        extra = msgspec.msgpack.decode(page.session.extra, type=PostSearchExtra)
        cards = self._posts.cards(context).posts(page.table_rows.tolist())
        return Page(
            items=tuple(
                SearchItem(
                    result=card,
                    highlights=extra.highlights[row],
                    token=self._items.token(context, card.record.id, place, "search"),
                    cursor=self._lists.cursor(page, place),
                )
                for card, place, row in zip(cards, page.places, page.rows, strict=True)
            ),
            has_next=page.has_next,
            has_previous=bool(page.places) and page.places[0] > 0,
            info=feed_info(context, self._cache, NEEDS_POOLS, lacks=looking.lacks),
            total=extra.total,
        )

    async def findable(self, context: RequestContext, post_ids: Sequence[str]) -> set[str]:
        """Those that a page of hits would show to this caller; none where no store answers."""
        catalog = self._cache.catalog
        try:
            await catalog.load(post_ids)
        except Unavailable:
            return set()
        table, viewpoint = catalog.table, Viewpoint(context)
        rows = table.rows(post_ids)
        rows = rows[rows >= 0]
        sources = np.zeros(len(rows), dtype=np.uint32)
        candidates = describe(table, rows, sources, {}, Surface.SEARCH)
        excluded = viewpoint.still_excluded(table, rows)
        query = Query(viewpoint.taste(table), context.now, excluded=excluded)
        return set(table.ids(rows[still_allowed(candidates, query, SEARCH)]))


class _Looking:
    """One look for posts, and what it found."""

    def __init__(
        self, engines: SearchEngines, cache: PoolCache, query: SearchQuery, now: float
    ) -> None:
        self._engines = engines
        self._cache = cache
        self._query = query
        self._now = now
        self._hits = SearchHits((), None)
        self.lacks: Mapping[CandidateSource, Lack] = {}

    async def gather(self, _seed: int) -> Candidates:
        self._hits, lack = await self._engines.posts(self._query)
        scores = {hit.id: max(hit.score, 0.0) for hit in self._hits.hits}
        try:
            await self._cache.catalog.load(scores)
        except Unavailable:
            lack = Lack.UNAVAILABLE  # what is here is shown
        self.lacks = {} if lack is None else {CandidateSource.SEARCH: lack}
        table = self._cache.catalog.table
        rows = table.rows(scores)
        relevance = np.array(list(scores.values()))[rows >= 0]
        rows = rows[rows >= 0]
        best = relevance.max(initial=0.0)
        columns = {
            **trend_columns(self._cache, rows, self._now),
            "relevance": relevance / best if best > 0.0 else relevance,
        }
        source = np.full(len(rows), 1 << CandidateSource.SEARCH, dtype=np.uint32)
        return describe(table, rows, source, columns, Surface.SEARCH)

    def pack(self, candidates: Candidates) -> bytes:
        found: Mapping[str, tuple[str, ...]] = {
            hit.id: tuple(hit.highlights) for hit in self._hits.hits
        }
        table = self._cache.catalog.table
        ids = [table.record(row).id for row in candidates.row.tolist()]
        return msgspec.msgpack.encode(
            PostSearchExtra([found[post_id] for post_id in ids], self._hits.total)
        )
