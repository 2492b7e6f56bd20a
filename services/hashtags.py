"""Hashtags: rising ones, one of them, and what trends under it."""

from collections.abc import Mapping, Sequence

import msgspec
import structlog

from domain.errors import Unavailable
from domain.identifiers import normalize_hashtag
from domain.ports.hashtags import Hashtags
from domain.trending import Window
from services.arguments import HASHTAGS_MOST, check_first, check_region
from services.context import RequestContext
from services.frozen_lists import FrozenAsk, FrozenLists
from services.hashtag_trends import HashtagTrends
from services.inputs import TrendingScope
from services.pages import HashtagCard, HashtagItem, Page, TrendingItem
from services.trending import TrendingService

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class HashtagEntry(msgspec.Struct, frozen=True, array_like=True):
    """A hashtag in a session."""

    name: str
    people: int
    lift: float


class HashtagService:
    def __init__(
        self,
        hashtags: Hashtags,
        trends: HashtagTrends,
        lists: FrozenLists,
        trending: TrendingService,
    ) -> None:
        self._hashtags = hashtags
        self._trends = trends
        self._lists = lists
        self._trending = trending

    async def trending(
        self,
        context: RequestContext,
        *,
        first: int,
        after: str | None,
        window: Window,
        region: str | None,
    ) -> Page[HashtagItem]:
        """Hashtags that rise faster than their own usual rate, most surprising first."""
        check_first(first, HASHTAGS_MOST)
        check_region(region)

        async def bring() -> Sequence[HashtagEntry]:
            rising = await self._trends.rising(window, region)
            return [HashtagEntry(trend.name, trend.people, trend.lift) for trend in rising]

        ask = FrozenAsk(
            operation="hashtags",
            arguments={"window": window.value, "region": region},
            entry=HashtagEntry,
            bring=bring,
            keep=lambda _: True,
        )
        page = await self._lists.page(context, ask, first, after)
        cards = await self.get_many(context, [entry.name for entry in page.entries])
        return Page(
            items=tuple(
                HashtagItem(card, place + 1, entry.people, entry.lift, cursor)
                for card, entry, place, cursor in zip(
                    cards, page.entries, page.places, page.cursors, strict=True
                )
            ),
            has_next=page.has_next,
            has_previous=page.has_previous,
        )

    async def get(self, context: RequestContext, name: str) -> HashtagCard | None:
        """The hashtag, where any post that may be recommended has it."""
        (card,) = await self.existing(context, [name])
        return card

    async def existing(
        self, _: RequestContext, names: Sequence[str]
    ) -> Sequence[HashtagCard | None]:
        """Cards by name, None for what no post has; all there are while nobody can count."""
        normalized = [normalize_hashtag(name) for name in names]
        counts = await self._count([name for name in normalized if name])
        return [
            HashtagCard(name, counts.get(name, 0)) if name and counts.get(name, 1) else None
            for name in normalized
        ]

    async def get_many(self, _: RequestContext, names: Sequence[str]) -> Sequence[HashtagCard]:
        """Cards of normalized names; without counts while nobody can count."""
        counts = await self._count(names)
        return [HashtagCard(name, counts.get(name, 0)) for name in names]

    async def _count(self, names: Sequence[str]) -> Mapping[str, int]:
        """Posts by name; empty while the source is away."""
        try:
            counts = await self._hashtags.post_counts(names) if names else ()
        except Unavailable as failure:
            log.warning("hashtags.uncounted", failure=str(failure))
            return {}
        return dict(zip(names, counts, strict=True))

    async def posts(
        self,
        context: RequestContext,
        name: str,
        *,
        first: int,
        after: str | None,
        window: Window,
    ) -> Page[TrendingItem]:
        """What trends under the hashtag."""
        scope = TrendingScope(hashtag=name)
        return await self._trending.page(
            context, first=first, after=after, window=window, scope=scope
        )
