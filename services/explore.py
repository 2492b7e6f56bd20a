"""The For You feed, and the pages of categories, which are the same with one source."""

from domain import served
from domain.ranking.recipes import CATEGORY, EXPLORE
from services.arguments import EXPLORE_MOST, POSTS_MOST, check_first, check_region
from services.context import RequestContext
from services.different import told_to
from services.explore_columns import explore_columns
from services.feed import Feed, Feeds, Wanted
from services.feed_items import FeedItems
from services.pages import FeedItem, Page
from services.ranked_lists import Ask, ListPage, RankedLists
from services.session_store import SessionStore
from services.sources import PERSONAL, category_draws, explore_draws
from services.viewpoint import Viewpoint


class ExploreService:
    def __init__(
        self, feeds: Feeds, lists: RankedLists, sessions: SessionStore, items: FeedItems
    ) -> None:
        self._feeds = feeds
        self._lists = lists
        self._sessions = sessions
        self._items = items

    async def page(
        self, context: RequestContext, *, first: int, after: str | None, region: str | None
    ) -> Page[FeedItem]:
        """The caller's feed, ranked when it begins and the same while it is gone through."""
        check_first(first, EXPLORE_MOST)
        viewpoint = Viewpoint(context, check_region(region))
        cache = self._feeds.cache
        liked = viewpoint.latest_liked(cache.catalog.table)
        wanted = Wanted(
            draws=explore_draws(viewpoint.interests, viewpoint.region, liked, now=context.now),
            columns=lambda rows, seed: explore_columns(cache, liked, rows, seed),
            told=lambda rows, bits: told_to(viewpoint.interests, cache.catalog.table, rows, bits),
            personal=PERSONAL,
        )
        feed = self._feeds.feed(viewpoint, wanted)
        lately = self._sessions.served(context)
        ask = feed.ask(EXPLORE, "explore", {"region": region}, served=lately)
        found = await self._lists.page(ask, first, after)
        if context.viewer_id is not None:
            lately = served.add(lately, found.keys, context.now)
        return self._finish(feed, ask, found, lately)

    async def category(
        self, context: RequestContext, slug: str, *, first: int, after: str | None
    ) -> Page[FeedItem]:
        """The posts of a category."""
        check_first(first, POSTS_MOST)
        catalog = self._feeds.cache.catalog
        wanted = Wanted(
            draws=category_draws(slug), only=lambda rows: catalog.table.of_category(rows, slug)
        )
        feed = self._feeds.feed(Viewpoint(context), wanted)
        ask = feed.ask(CATEGORY, "category", {"slug": slug})
        found = await self._lists.page(ask, first, after)
        return self._finish(feed, ask, found, None)

    def _finish(
        self, feed: Feed, ask: Ask, found: ListPage, lately: bytes | None
    ) -> Page[FeedItem]:
        self._lists.keep(ask, found, served=lately)
        return Page(
            items=self._items.of(ask, found),
            has_next=found.has_next,
            has_previous=bool(found.places) and found.places[0] > 0,
            info=feed.info(ask, found),
        )
