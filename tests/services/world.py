"""A small world in memory with all use cases over it, and engines that can be taken away."""

from collections.abc import Mapping, Sequence

import numpy as np

from domain import pools
from domain.categories import CategoryRecord
from domain.cursors import SessionCursors
from domain.events import (
    CategoryGuess,
    Decision,
    ModerationResult,
    PostIngested,
    UserUpdated,
)
from domain.identifiers import Kind, encode_global_id
from domain.interests import InterestProfile
from domain.ports.creators import StoredUser
from domain.ports.pools import PoolWrite
from domain.ports.posts import StoredIngestion, StoredModeration
from domain.ports.snapshots import Snapshot
from domain.ports.viewers import Charge, ViewerReads, Viewers
from domain.posts import PostRecord
from domain.profile_packing import pack
from domain.trending import HALF_LIFE, WINDOWS, pool_score
from domain.viewer import ViewerState
from runtime.background import Background
from runtime.metrics import Metrics
from services.assembly import Ports, Services, assemble
from services.context import RequestContext
from services.record_fallback import CreatorFallback, PostFallback
from tests.fakes.categories import MemoryCategories
from tests.fakes.clock import FixedClock
from tests.fakes.counters import MemoryCounters
from tests.fakes.creators import MemoryCreators
from tests.fakes.erasures import MemoryErasures
from tests.fakes.follows import MemoryFollows
from tests.fakes.hashtags import MemoryHashtags
from tests.fakes.moderation import MemoryModeration
from tests.fakes.outages import Outage
from tests.fakes.pools import MemoryPools
from tests.fakes.posts import MemoryPosts
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.reactions import MemoryReactions
from tests.fakes.records import MemoryCreatorRecords, MemoryPostRecords
from tests.fakes.search import MemorySearch
from tests.fakes.snapshots import MemorySnapshots
from tests.fakes.viewer_states import MemoryViewerStates
from tests.fakes.viewers import MemoryViewers

SECRETS = ("a-secret-of-at-least-thirty-two-characters",)
HOUR = 3_600.0


class StaticLists:
    """The file of last resort, in memory."""

    def __init__(self) -> None:
        self.lists: Sequence[Snapshot] = ()

    def read(self) -> Sequence[Snapshot]:
        return self.lists


class World:
    def __init__(self) -> None:
        self.clock = FixedClock()
        self.categories = MemoryCategories()
        self.posts = MemoryPosts(self.categories)
        self.follows = MemoryFollows()
        self.creators = MemoryCreators(self.posts, self.follows)
        self.records = MemoryPostRecords(self.posts)
        self.pools = MemoryPools()
        self.counters = MemoryCounters()
        self.viewers = MemoryViewers(self.clock)
        self.states = MemoryViewerStates()
        self.hashtags = MemoryHashtags(self.posts)
        self.moderation = MemoryModeration(self.posts)
        self.reactions = MemoryReactions()
        self.erasures = MemoryErasures()
        self.snapshots = MemorySnapshots(self.posts)
        self.static = StaticLists()
        self.events = MemoryPublisher()
        self.redis, self.postgresql = Outage("redis"), Outage("postgresql")
        self.opensearch = Outage("opensearch")
        self.background = Background()
        self.metrics = Metrics.create()
        self.services = self.restart()
        self._order = 0

    def restart(
        self, viewers: Viewers | None = None, *, search_capacity: int | None = None
    ) -> Services:
        """New processes of the API, which hold nothing yet."""
        redis, postgresql = self.redis, self.postgresql
        search = MemorySearch(self.posts, self.creators)
        ports = Ports(
            pools=redis.over(self.pools),
            records=PostFallback(redis.over(self.records), postgresql.over(self.posts)),
            counts=redis.over(self.counters),
            creators=CreatorFallback(
                redis.over(MemoryCreatorRecords(self.creators)), postgresql.over(self.creators)
            ),
            posts=postgresql.over(self.posts),
            categories=postgresql.over(self.categories),
            hashtags=postgresql.over(self.hashtags),
            hashtag_counts=postgresql.over(self.hashtags),
            viewers=viewers or _Viewers(self),
            viewer_states=postgresql.over(self.states),
            reactions=postgresql.over(self.reactions),
            follows=postgresql.over(self.follows),
            moderation=postgresql.over(self.moderation),
            erasures=postgresql.over(self.erasures),
            snapshots=postgresql.over(self.snapshots),
            static=self.static,
            search=self.opensearch.over(
                MemorySearch(self.posts, self.creators, capacity=search_capacity)
            ),
            search_fallback=postgresql.over(search),
            events=self.events,
        )
        self.services = assemble(
            ports,
            secrets=SECRETS,
            background=self.background,
            clock=self.clock,
            metrics=self.metrics,
            search_is_bounded=search_capacity is not None,
        )
        return self.services

    async def start(self) -> None:
        """What the start of a process brings."""
        await self.services.category_catalog.refresh()
        await self.services.cache.poll()

    async def settle(self) -> None:
        """Wait for what requests left to be written."""
        await self.background.drain(1.0)

    # ------------------------------------------------------------------ what upstream does

    async def category(self, slug: str, **fields: int | str | bool) -> None:
        named = {"name": slug.title(), **fields}
        await self.categories.upsert(CategoryRecord(slug=slug, **named))  # pyright: ignore[reportArgumentType] - the test's own

    async def post(  # noqa: PLR0913 - whatever a test cares about
        self,
        post_id: str,
        *,
        author: str = "",
        category: str = "music",
        tags: Sequence[str] = (),
        age: float = HOUR,
        text: str = "",
        title: str | None = None,
        region: str | None = None,
        language: str | None = None,
        nsfw: float = 0.0,
        judged: bool = True,
        rising: float | Mapping[str, float] = 0.0,
    ) -> None:
        """A post in its lists; ``rising`` is its decayed engagement now, also by region."""
        created = self.clock.now() - age
        event = PostIngested(
            post_id=post_id,
            author_id=author or f"by-{post_id}",
            content=text or f"About {category}",
            title=f"Post {post_id}" if title is None else title,
            tags=list(tags),
            language=language,
            region=region,
            created_at=created * 1_000,
            categories=[CategoryGuess(slug=category, confidence=1.0)],
        )
        self._order += 1
        await self.posts.ingest([StoredIngestion(0, self._order, created, event)])
        if judged:
            await self.judge(post_id, nsfw=nsfw)
        await self.rise(post_id, rising)

    async def judge(
        self,
        post_id: str,
        decision: Decision = Decision.NONE,
        source: str = "classifier",
        *,
        nsfw: float = 0.0,
    ) -> None:
        """A moderation result that has arrived everywhere."""
        self._order += 1
        at = self.clock.now() + self._order / 1_000
        event = ModerationResult(
            post_id=post_id,
            decision=decision,
            source=source,
            timestamp=at * 1_000,
            spam_score=0.0,
            nsfw_score=nsfw,
            toxicity_score=0.0,
            quality_score=0.5,
        )
        await self.posts.moderate([StoredModeration(0, self._order, at, event)])
        await self.records.put_many([await self.record(post_id)])
        await self.pools.announce(posts=[post_id])

    async def record(self, post_id: str) -> PostRecord:
        (record,) = await self.posts.get_many([post_id])
        assert record is not None
        return record

    async def rise(self, post_id: str, rising: float | Mapping[str, float]) -> None:
        """Put the post into the lists that it belongs into."""
        record = await self.record(post_id)
        sums = {"": rising} if isinstance(rising, float | int) else dict(rising)
        slugs = [category.slug for category in record.categories]
        writes = [PoolWrite(pools.by_author(record.author_id), {post_id: record.created_at})]
        if record.recommendable:
            writes += [
                PoolWrite(pools.fresh(slug), {post_id: record.created_at})
                for slug in (pools.ALL, *slugs)
            ]
            for window in WINDOWS:
                for region, engagement in sums.items():
                    scopes = [pools.region_scope(region)] if region else [pools.WORLDWIDE]
                    if not region:
                        scopes += [pools.category_scope(slug) for slug in slugs]
                        scopes += [pools.hashtag_scope(tag) for tag in record.hashtags]
                    if engagement > 0.0:
                        score = pool_score(engagement, self.clock.now(), HALF_LIFE[window])
                        writes += [
                            PoolWrite(pools.trending(window, s), {post_id: score}) for s in scopes
                        ]
        await self.pools.write(writes)

    async def creator(self, creator_id: str, handle: str, name: str = "") -> None:
        event = UserUpdated(user_id=creator_id, handle=handle, display_name=name or handle)
        self._order += 1
        await self.creators.update(
            [StoredUser(0, self._order, self.clock.now() + self._order, event)]
        )

    async def materialize(self) -> Sequence[Snapshot]:
        """Worldwide lists as a consumer writes them to PostgreSQL."""
        names = [pools.trending_worldwide(window) for window in WINDOWS]
        found = [
            Snapshot(
                name,
                self.clock.now(),
                [await self.record(post_id) for post_id in members.ids],
                np.asarray(members.scores),
            )
            for name, members in zip(names, await self.pools.read(names, 200), strict=True)
        ]
        await self.snapshots.write(found)
        return found

    async def learn(self, viewer: str, profile: InterestProfile) -> None:
        """What a consumer learned about a viewer."""
        self.viewers.profiles[viewer] = pack(profile)

    # ------------------------------------------------------------------ requests

    async def request(
        self,
        viewer: str | None = None,
        *,
        after: str | None = None,
        roles: Sequence[str] = (),
        region: str | None = None,
        request: str = "request",
    ) -> RequestContext:
        """A request as the view begins it: one round trip."""
        session = None if after is None else SessionCursors(SECRETS).session_of(after)
        named = () if session is None else (session,)
        reads = await _Viewers(self).begin(viewer, None, named)
        return RequestContext(
            viewer_id=viewer,
            started=reads,
            request_id=request,
            now=self.clock.now(),
            roles=frozenset(roles),
            region=region,
        )


class _Viewers:
    """Viewers as the adapter has them: a store that is away degrades the first read."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def begin(
        self, viewer_id: str | None, charge: Charge | None, session_ids: Sequence[str]
    ) -> ViewerReads:
        viewers = self._world.viewers
        viewers.away = self._world.redis.away
        self._world.redis.calls["begin"] += 1
        return await viewers.begin(viewer_id, charge, session_ids)

    async def write_state(self, viewer_id: str, state: ViewerState, *, expected: int) -> bool:
        guarded = self._world.redis.over(self._world.viewers)
        return await guarded.write_state(viewer_id, state, expected=expected)

    async def write_session(
        self,
        session_id: str,
        packed: bytes,
        *,
        viewer_id: str | None,
        served: bytes | None,
        request_id: str | None = None,
    ) -> None:
        guarded = self._world.redis.over(self._world.viewers)
        await guarded.write_session(
            session_id, packed, viewer_id=viewer_id, served=served, request_id=request_id
        )

    async def sessions_of(self, request_id: str) -> Sequence[str]:
        return await self._world.redis.over(self._world.viewers).sessions_of(request_id)


def post_gid(post_id: str) -> str:
    return encode_global_id(Kind.POST, post_id)


def creator_gid(creator_id: str) -> str:
    return encode_global_id(Kind.CREATOR, creator_id)
