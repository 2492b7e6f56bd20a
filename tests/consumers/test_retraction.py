"""What is withdrawn leaves trends, hashtag counts, snapshots; what is cleared comes back."""

from pathlib import Path

import pytest

from consumers.creator_changes import CreatorChanges
from consumers.creator_counts import CreatorCounts
from consumers.handlers.engagement import Engagement
from consumers.handlers.hashtags import HashtagUses
from consumers.handlers.moderation import Moderation
from consumers.handlers.posts import Posts
from consumers.materializing import Materializing
from consumers.post_changes import PostChanges
from domain.events import (
    Decision,
    EngagementType,
    EngagementUpdated,
    Event,
    ModerationResult,
    PostIngested,
    UserUpdated,
)
from domain.topics import ENGAGEMENT_UPDATED, MODERATION_RESULT, POST_INGESTED, USER_UPDATED
from stores.postgres_creators import PostgresCreators
from stores.postgres_follows import PostgresFollows
from stores.postgres_hashtags import PostgresHashtags
from stores.postgres_pool import PostgresPool
from stores.postgres_posts import PostgresPosts
from stores.postgres_reactions import PostgresReactions
from stores.postgres_snapshots import PostgresSnapshots
from stores.redis_client import RedisClient
from stores.redis_counters import RedisCounters
from stores.redis_pools import RedisPools, RedisPoolWriter
from stores.redis_records import RedisCreatorRecords, RedisPostRecords
from stores.static_lists import StaticListFile
from tests.consumers.log import NOON, Log, batch_of, consume
from tests.fakes.clock import FixedClock
from tests.fakes.publisher import MemoryPublisher

pytestmark = pytest.mark.integration
_NOWHERE = Path("unused")
TREND = "trending:DAY:global"
LISTS = [TREND, "trending:DAY:cat:pets", "trending:DAY:tag:cats", "fresh:all", "author:ann"]


class World:
    def __init__(self, redis: RedisClient, postgres: PostgresPool) -> None:
        self.clock = FixedClock(NOON + 60.0)
        self.pools, writer = RedisPools(redis), RedisPoolWriter(redis)
        projection, creators = PostgresPosts(postgres), PostgresCreators(postgres)
        cache = RedisPostRecords(redis, projection)
        self.told = MemoryPublisher()
        creator_changes = CreatorChanges(creators, RedisCreatorRecords(redis, creators), writer)
        counts = CreatorCounts(creator_changes)
        changes = PostChanges(projection, cache, writer, self.told, counts, self.clock)
        self.posts = Posts(projection, changes, creator_changes, PostgresFollows(postgres))
        self.moderation = Moderation(projection, changes)
        self.hashtags = PostgresHashtags(postgres)
        self.uses = HashtagUses(self.hashtags, cache)
        self.engagement = Engagement(
            RedisCounters(redis), PostgresReactions(postgres), cache, writer, MemoryPublisher()
        )
        self.snapshots = PostgresSnapshots(postgres)
        self.materializing = Materializing(
            self.pools, cache, self.snapshots, StaticListFile(_NOWHERE), self.clock
        )
        self.log: list[Event] = []

    async def trend(self) -> None:
        post = PostIngested(
            post_id="p",
            author_id="ann",
            content="Cats.",
            created_at=NOON * 1_000.0,
            tags=["cats"],
        )
        await self.posts.apply(batch_of(POST_INGESTED.name, post))
        await self.uses.apply(batch_of(POST_INGESTED.name, post))
        await self.judge(Decision.NONE)
        likes: list[Event] = [
            EngagementUpdated(
                post_id="p",
                type=EngagementType.LIKE,
                delta=1,
                timestamp=(NOON + number) * 1_000.0,
                user_id=f"u{number}",
            )
            for number in range(4)
        ]
        self.log += likes
        await self.uses.apply(batch_of(ENGAGEMENT_UPDATED.name, *likes))
        await self.count()
        await self.materializing.snapshot()

    async def judge(self, decision: Decision, at: float = 1.0) -> None:
        source = "rules" if decision is Decision.NONE else "human:mo"
        result = ModerationResult(
            post_id="p",
            decision=decision,
            source=source,
            timestamp=(NOON + at) * 1_000.0,
            spam_score=0.1,
            nsfw_score=0.0,
            toxicity_score=0.0,
            categories=[],
        )
        await self.moderation.apply(batch_of(MODERATION_RESULT.name, result))
        await self.count()

    async def count(self) -> None:
        """What was asked for on the engagement topic is counted, too."""
        self.log += [one for one in self.told.events if isinstance(one, EngagementUpdated)]
        self.told.events.clear()
        await consume(self.engagement, Log(ENGAGEMENT_UPDATED.name, self.log), 10)

    async def shown(self) -> tuple[set[str], int, bool]:
        """The post's lists, people who use its hashtag, whether it is in snapshots."""
        found = await self.pools.read(LISTS, 10)
        lists = {name for name, one in zip(LISTS, found, strict=True) if "p" in one.ids}
        counts = await self.hashtags.counts(
            since=NOON - 10.0, until=NOON + 60.0, baseline=60.0, region=None, least_people=1
        )
        snapshots = await self.snapshots.read([TREND, "fresh:all"])
        kept = any(one is not None and bool(one.records) for one in snapshots)
        return lists, sum(one.people for one in counts), kept


@pytest.fixture
async def world(redis: RedisClient, postgres_of_worker: PostgresPool) -> World:
    found = World(redis, postgres_of_worker)
    await found.trend()
    return found


TRENDING = {TREND, "trending:DAY:tag:cats", "fresh:all", "author:ann"}


@pytest.mark.parametrize("decision", [Decision.REJECT, Decision.SHADOW_BAN])
async def test_what_a_person_withdraws_is_out_of_everything_until_cleared(
    world: World, decision: Decision
) -> None:
    assert await world.shown() == (TRENDING, 5, True)
    await world.judge(decision, 2.0)
    assert await world.shown() == (set(), 0, False)
    await world.judge(Decision.CLEAR, 3.0)
    assert await world.shown() == (TRENDING, 5, True)


async def test_a_deleted_post_is_out_of_everything(world: World) -> None:
    gone = PostIngested(
        post_id="p", author_id="ann", content="", created_at=NOON * 1_000.0, deleted=True
    )
    await world.posts.apply(batch_of(POST_INGESTED.name, gone))
    await world.count()
    assert await world.shown() == (set(), 0, False)


async def test_the_posts_of_a_deleted_account_go_everywhere(world: World) -> None:
    gone = UserUpdated(user_id="ann", handle="ann", display_name="Ann", deleted=True)
    await world.posts.apply(batch_of(USER_UPDATED.name, gone))
    await world.count()
    assert await world.shown() == (set(), 0, False)
