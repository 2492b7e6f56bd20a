"""All use cases of a process, built from its ports."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from domain.cursors import KeysetCursors, SessionCursors
from domain.errors import Unavailable
from domain.ports.categories import Categories
from domain.ports.creators import CreatorRecords
from domain.ports.erasures import Erasures
from domain.ports.event_publisher import EventPublisher
from domain.ports.follows import Follows
from domain.ports.hashtags import Hashtags
from domain.ports.moderation import Moderation
from domain.ports.pools import Pools
from domain.ports.posts import PostProjection, PostRecords
from domain.ports.reactions import Reactions
from domain.ports.search import Search
from domain.ports.snapshots import Snapshots
from domain.ports.viewer_states import ViewerStates
from domain.ports.viewers import Viewers
from domain.tokens import ImpressionTokens
from runtime.background import Background
from runtime.clock import Clock
from runtime.metrics import Metrics
from services.categories import CategoryService
from services.category_catalog import CategoryCatalog
from services.creator_cache import CreatorCache
from services.creators import CreatorService
from services.dislikes import Dislikes
from services.erasure import ErasureService
from services.explore import ExploreService
from services.fallback import Fallback, StaticLists
from services.feed import Feeds
from services.feed_items import FeedItems
from services.frozen_lists import FrozenLists
from services.hashtag_trends import HashtagTrends
from services.hashtags import HashtagService
from services.interactions import InteractionService
from services.interests_view import InterestsReader
from services.moderation import ModerationService
from services.newest_posts import NewestPosts
from services.nodes import NodeService
from services.not_interested import NotInterestedService
from services.pool_cache import PoolCache
from services.post_catalog import PostCatalog, PostCounts
from services.post_search import PostSearch
from services.posts import PostReader
from services.ranked_lists import RankedLists
from services.related import RelatedService
from services.repeats import Repeats
from services.rising import Rising
from services.search import SearchService
from services.search_engines import SearchEngines
from services.session_store import SessionStore
from services.sources import topic_pools
from services.targets import Targets
from services.trending import TrendingService
from services.trending_ranks import TrendingRanks
from services.viewer import ViewerService
from services.viewer_history import ViewerHistory
from services.viewer_writes import ViewerWrites
from services.why_not import WhyNot

MOST_WARMED: Final = 30  # topics


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """``records`` and ``creators`` are the caches in front of the projections."""

    pools: Pools
    records: PostRecords
    counts: PostCounts
    creators: CreatorRecords
    posts: PostProjection
    categories: Categories
    hashtags: Hashtags
    hashtag_counts: Hashtags
    viewers: Viewers
    viewer_states: ViewerStates
    reactions: Reactions
    follows: Follows
    moderation: Moderation
    erasures: Erasures
    snapshots: Snapshots
    static: StaticLists
    search: Search
    search_fallback: Search
    events: EventPublisher


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Use cases, and the parts that work in the background."""

    explore: ExploreService
    trending: TrendingService
    categories: CategoryService
    creators: CreatorService
    hashtags: HashtagService
    hashtag_trends: HashtagTrends
    search: SearchService
    nodes: NodeService
    related: RelatedService
    viewer: ViewerService
    interactions: InteractionService
    moderation: ModerationService
    erasure: ErasureService
    cache: PoolCache
    category_catalog: CategoryCatalog
    ranks: TrendingRanks
    fallback: Fallback

    async def warm(self) -> None:
        """Read ahead what most requests need; what is missing then is read when it is needed."""
        async with asyncio.TaskGroup() as reading:
            reading.create_task(self._warm_pools())
            reading.create_task(self.hashtag_trends.warm())

    async def _warm_pools(self) -> None:
        topics = [category.slug for category in self.category_catalog.listed]
        with suppress(Unavailable):
            await self.cache.warm(topic_pools(topics[:MOST_WARMED]))

    def start(self, periodic: Background) -> None:
        """Keep current in the background what is held in the process."""
        self.cache.start(periodic)
        self.category_catalog.start(periodic)
        self.ranks.start(periodic)


def assemble(
    ports: Ports,
    *,
    secrets: Sequence[str],
    background: Background,
    clock: Clock,
    metrics: Metrics,
    search_is_bounded: bool = False,
) -> Services:
    """Build everything; nothing is read and nothing runs before it is started.

    ``background`` is for work that requests start and that ends by itself; ``search_is_bounded``
    where the search index holds the newest posts only.
    """
    creator_cache = CreatorCache(ports.creators)
    catalog = PostCatalog(ports.records, ports.counts, creator_cache)
    cache = PoolCache(ports.pools, catalog, background, clock, metrics)
    category_catalog = CategoryCatalog(ports.categories)
    fallback = Fallback(cache, category_catalog, ports.snapshots, ports.static, background, clock)
    feeds = Feeds(cache, fallback)
    sessions = SessionStore(ports.viewers, ports.erasures, background, clock)
    keysets, cursors = KeysetCursors(secrets), SessionCursors(secrets)
    tokens = ImpressionTokens(secrets)
    lists = RankedLists(catalog, sessions, cursors, metrics)
    frozen = FrozenLists(sessions, cursors)
    history = ViewerHistory(ports.reactions, ports.follows)
    reader = PostReader(catalog, category_catalog, history)
    items = FeedItems(reader, lists, category_catalog, tokens)
    writes = ViewerWrites(ports.viewers, ports.viewer_states, background)
    targets = Targets(reader, creator_cache, category_catalog)
    ranks = TrendingRanks(feeds, clock)
    explore = ExploreService(feeds, lists, sessions, items)
    trending = TrendingService(
        feeds=feeds,
        lists=lists,
        items=items,
        posts=reader,
        categories=category_catalog,
        ranks=ranks,
    )
    creators = CreatorService(
        rising=Rising(cache, fallback),
        creators=creator_cache,
        records=ports.creators,
        newest=NewestPosts(ports.posts, cache),
        posts=reader,
        categories=category_catalog,
        lists=frozen,
        cursors=keysets,
        history=history,
    )
    categories = CategoryService(
        catalog=category_catalog,
        categories=ports.categories,
        explore=explore,
        creators=creators,
        fallback=fallback,
        cursors=keysets,
    )
    trends = HashtagTrends(ports.hashtag_counts, background, clock)
    hashtags = HashtagService(ports.hashtags, trends, frozen, trending)
    engines = SearchEngines(
        ports.search, ports.search_fallback, first_is_bounded=search_is_bounded
    )
    moderation = ModerationService(
        moderation=ports.moderation,
        posts=reader,
        cache=cache,
        why=WhyNot(ports.viewers, cache),
        cursors=keysets,
    )
    return Services(
        explore=explore,
        trending=trending,
        categories=categories,
        creators=creators,
        hashtags=hashtags,
        hashtag_trends=trends,
        search=SearchService(
            engines=engines,
            posts=PostSearch(engines, cache, lists, items, reader),
            reader=reader,
            creators=creator_cache,
            hashtags=hashtags,
            categories=category_catalog,
            cache=cache,
            lists=frozen,
        ),
        nodes=NodeService(
            posts=reader,
            creators=creators,
            categories=categories,
            hashtags=hashtags,
            moderation=moderation,
        ),
        related=RelatedService(cache, lists, reader),
        viewer=ViewerService(
            reader=InterestsReader(category_catalog, creator_cache, hashtags, reader),
            writes=writes,
            targets=targets,
            categories=category_catalog,
            not_interested=NotInterestedService(
                posts=reader,
                dislikes=Dislikes(creator_cache, category_catalog),
                tokens=tokens,
                events=ports.events,
                writes=writes,
            ),
        ),
        interactions=InteractionService(
            targets=targets,
            repeats=Repeats(ports.reactions, writes),
            tokens=tokens,
            events=ports.events,
            writes=writes,
            posts=reader,
            moderation=ports.moderation,
        ),
        moderation=moderation,
        erasure=ErasureService(ports.erasures),
        cache=cache,
        category_catalog=category_catalog,
        ranks=ranks,
        fallback=fallback,
    )
