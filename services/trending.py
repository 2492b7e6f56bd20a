"""Trending lists: what is rising now in a window, worldwide or in one scope."""

from collections.abc import Iterable
from struct import Struct
from typing import Final, Self

import msgspec
import numpy as np

from domain import pools
from domain.errors import InvalidInput
from domain.identifiers import normalize_hashtag
from domain.ranking.candidates import Candidates, Floats, Ints
from domain.trending import HALF_LIFE, Window, decayed, trend_rates
from services.arguments import TRENDING_MOST, check_first, check_region
from services.category_catalog import CategoryCatalog
from services.context import RequestContext
from services.feed import Feed, Feeds
from services.feed_items import FeedItems
from services.inputs import TrendingScope
from services.pages import Page, TrendingHead, TrendingItem
from services.posts import PostReader
from services.ranked_lists import Ask, ListPage, RankedLists
from services.trending_draws import trending_draws, trending_list, trending_recipe
from services.trending_ranks import TrendingRanks
from services.viewpoint import Viewpoint

LONGEST: Final = 1_000  # rows of a list
_RATE: Final = Struct("<d")
_RANK: Final = Struct("<i")


class TrendingExtra(msgspec.Struct, array_like=True):
    """Per row of a session, packed: rates when it began, ranks a period before (0: none)."""

    rates: bytes
    before: bytes

    @classmethod
    def of(cls, rates: Floats, before: Ints) -> Self:
        return cls(rates.astype("<f8").tobytes(), before.astype("<i4").tobytes())

    def rate(self, row: int) -> float:
        return _RATE.unpack_from(self.rates, row * _RATE.size)[0]

    def rank_before(self, row: int) -> int:
        return _RANK.unpack_from(self.before, row * _RANK.size)[0]


class TrendingService:
    def __init__(
        self,
        *,
        feeds: Feeds,
        lists: RankedLists,
        items: FeedItems,
        posts: PostReader,
        categories: CategoryCatalog,
        ranks: TrendingRanks,
    ) -> None:
        self._feeds = feeds
        self._lists = lists
        self._items = items
        self._posts = posts
        self._categories = categories
        self._ranks = ranks

    async def page(
        self,
        context: RequestContext,
        *,
        first: int,
        after: str | None,
        window: Window,
        scope: TrendingScope,
    ) -> Page[TrendingItem]:
        """One page of a list that stays as it was when its first page was asked for.

        Raises:
            InvalidInput: the scope is malformed, or names a category that there is not.

        """
        check_first(first, TRENDING_MOST)
        feed, ask = self._ask(context, window, self._scope(scope))
        found = await self._lists.page(ask, first, after)
        self._lists.keep(ask, found)
        return Page(
            items=self._items_of(ask, found, window),
            has_next=found.has_next,
            has_previous=bool(found.places) and found.places[0] > 0,
            info=feed.info(ask, found),
        )

    async def head(
        self, context: RequestContext, *, first: int, window: Window, scope: TrendingScope
    ) -> TrendingHead:
        """The first items as they are now; no session is kept."""
        check_first(first, TRENDING_MOST)
        _, ask = self._ask(context, window, self._scope(scope))
        found = await self._lists.page(ask, first, None)
        return TrendingHead(items=self._items_of(ask, found, window))

    def stands(self, post_ids: Iterable[str]) -> bool:
        """Whether all of these may still be in a list, for somebody at least."""
        table = self._feeds.cache.catalog.table
        rows = table.rows(post_ids)
        return bool((rows >= 0).all() and table.columns.recommendable[rows].all())

    def _ask(self, context: RequestContext, window: Window, scope: str) -> tuple[Feed, Ask]:
        viewpoint = Viewpoint(context)
        cache, now = self._feeds.cache, context.now

        def pack(candidates: Candidates) -> bytes:
            rates = trend_rates(candidates.columns["trend"], now - candidates.created_at, window)
            before = self._ranks_before(window, scope, candidates, now)
            return msgspec.msgpack.encode(TrendingExtra.of(rates, before))

        feed = self._feeds.feed(viewpoint, trending_list(cache, window, scope, now))
        arguments = {"window": window.value, "scope": scope}
        recipe = trending_recipe(window, scope)
        ask = feed.ask(recipe, "trending", arguments, pack=pack, rows=LONGEST)
        return feed, ask

    def _ranks_before(
        self, window: Window, scope: str, candidates: Candidates, now: float
    ) -> Ints:
        """[n], the rank a period ago among what this caller may see, 0 where not listed."""
        cache = self._feeds.cache
        order = self._ranks.before(window, scope, now)
        listed = np.concatenate([cache.pool(d.pool).rows for d in trending_draws(window, scope)])
        hidden = np.setdiff1d(cache.catalog.table.columns.key[listed], candidates.key)
        order = order[~np.isin(order, hidden)]
        ranks = dict(zip(order.tolist(), range(1, len(order) + 1), strict=True))
        return np.array([ranks.get(key, 0) for key in candidates.key.tolist()], dtype=np.int64)

    def _items_of(self, ask: Ask, page: ListPage, window: Window) -> tuple[TrendingItem, ...]:
        context = ask.viewpoint.context
        extra = msgspec.msgpack.decode(page.session.extra, type=TrendingExtra)
        elapsed = context.now - page.session.ranked.created_at
        cards = self._posts.cards(context).posts(page.table_rows.tolist())
        return tuple(
            TrendingItem(
                card=card,
                rank=place + 1,
                rank_change=before - place - 1 if (before := extra.rank_before(row)) else None,
                score=decayed(extra.rate(row), elapsed, HALF_LIFE[window]),
                token=self._items.token(context, card.record.id, place, "trending"),
                cursor=self._lists.cursor(page, place),
            )
            for card, place, row in zip(cards, page.places, page.rows, strict=True)
        )

    def _scope(self, scope: TrendingScope) -> str:
        if scope.region is not None:
            check_region(scope.region)
            return pools.region_scope(scope.region)
        if scope.category is not None:
            if self._categories.find(scope.category) is None:
                raise InvalidInput("There is no such category.", field="category")
            return pools.category_scope(scope.category)
        if scope.hashtag is not None:
            hashtag = normalize_hashtag(scope.hashtag)
            if not hashtag:
                raise InvalidInput("This is no hashtag.", field="hashtag")
            return pools.hashtag_scope(hashtag)
        return pools.WORLDWIDE
