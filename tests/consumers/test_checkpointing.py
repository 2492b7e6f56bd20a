"""Counters come back from their checkpoints and the log, byte for byte."""

from collections.abc import Sequence
from random import Random

import pytest

from consumers.checkpointing import INTERVAL, CheckpointedCounters
from consumers.handlers.engagement import Engagement
from domain.errors import Unavailable
from domain.events import ENGAGEMENT_UPDATED, EngagementType, EngagementUpdated
from stores import keys
from stores.postgres_checkpoints import PostgresCheckpoints
from stores.postgres_pool import PostgresPool
from stores.postgres_reactions import PostgresReactions
from stores.redis_checkpoints import RedisCheckpoints
from stores.redis_client import RedisClient
from stores.redis_counters import RedisCounters
from stores.redis_pools import RedisPools, RedisPoolWriter
from stores.redis_protocol import as_list
from tests.consumers.log import NOON, Log, consume
from tests.consumers.mortality import Fate, mortal
from tests.contracts.events import ingestion, moderation
from tests.fakes.clock import FixedClock
from tests.fakes.posts import MemoryPosts
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.records import MemoryPostRecords

POSTS = [f"p{number}" for number in range(12)]
LISTS = [
    f"trending:{window}:{scope}"
    for window in ("HOUR", "DAY", "WEEK")
    for scope in ("global", "region:DE", "cat:pets", "tag:cats")
]

pytestmark = pytest.mark.integration


class World:
    def __init__(self, redis: RedisClient, postgres: PostgresPool) -> None:
        self.redis, self.postgres = redis, postgres
        self.clock = FixedClock(NOON)
        self.fate = Fate()
        self.posts = MemoryPosts()
        self.checkpoints = PostgresCheckpoints(postgres)
        self.counters = self.new_counters()

    def new_counters(self) -> CheckpointedCounters:
        """Those of a new process."""
        self.counters = CheckpointedCounters(
            mortal(RedisCounters(self.redis), self.fate),
            mortal(RedisCounters(self.redis, keys.prepared_counters), self.fate),
            mortal(RedisCheckpoints(self.redis), self.fate),
            self.checkpoints,
            self.clock,
        )
        return self.counters

    def new_engagement(self) -> Engagement:
        """The consumer over the counters at hand."""
        return Engagement(
            self.counters,
            PostgresReactions(self.postgres),
            MemoryPostRecords(self.posts),
            mortal(RedisPoolWriter(self.redis), self.fate),
            mortal(MemoryPublisher(), self.fate),
        )

    async def prepare(self) -> None:
        for post_id in POSTS:
            told = ingestion(post_id, tags=["cats"], categories={"pets": 0.9}, region="DE")
            await self.posts.ingest([told])
            await self.posts.moderate([moderation(post_id, spam_score=0.1, nsfw_score=0.0)])

    async def read(self, log: Log, size: int = 20) -> None:
        """A life of the consumer over the counters at hand."""
        await consume(self.new_engagement(), log, size)

    async def due(self) -> None:
        self.clock.advance(INTERVAL)
        await self.counters.keep_due()

    async def lists(self) -> object:
        lists = await RedisPools(self.redis).read(LISTS, 100)
        return [(list(one.ids), one.scores.tolist()) for one in lists]

    async def outcome(self) -> object:
        (flat,) = await self.redis.run([("HGETALL", keys.counters(0))])
        pairs = as_list(flat)
        fields = dict(zip(map(str, pairs[::2]), pairs[1::2], strict=True))
        # What is done again after a crash depends on where the last batch began.
        fields.pop(str(b"@unfinished"))
        return fields, await self.lists()


def history(size: int, partition: int = 0, posts: Sequence[str] = POSTS) -> Log:
    random = Random(1)
    events = [
        EngagementUpdated(
            post_id=random.choice(posts),
            type=random.choice([EngagementType.LIKE, EngagementType.COMMENT, EngagementType.VIEW]),
            delta=1 if person is None else random.choice([1, 1, -1]),
            timestamp=(NOON + number) * 1_000.0,
            user_id=person,
            event_id=random.choice([None, f"e{random.randrange(40)}"]),
            region=random.choice([None, "US"]),
        )
        for number in range(size)
        for person in [random.choice([None, *(f"u{one}" for one in range(6))])]
    ]
    return Log(ENGAGEMENT_UPDATED.name, events, partition)


def until(log: Log, end: int) -> Log:
    return Log(log.topic, log.events[:end])


@pytest.fixture
async def world(redis: RedisClient, postgres_of_worker: PostgresPool) -> World:
    found = World(redis, postgres_of_worker)
    await found.prepare()
    return found


@pytest.mark.parametrize("crash", [False, True])
async def test_what_redis_lost_comes_back_to_the_last_byte(
    world: World, postgres: PostgresPool, *, crash: bool
) -> None:
    log = history(200)
    await world.read(log)
    truth = await world.outcome()
    await world.redis.run([("FLUSHALL",)])
    await postgres.execute("TRUNCATE reactions, counter_fences, counter_checkpoints")
    world.new_counters()
    await world.read(until(log, 60))
    await world.due()
    await world.read(until(log, 90))  # the posts since are remembered ...
    if crash:
        world.new_counters()  # ... or not
        await world.read(until(log, 100))
    await world.due()
    assert dict(await world.checkpoints.fences([0])) == {0: 99 if crash else 89}
    await world.read(until(log, 160))  # behind the checkpoint
    await world.redis.run([("FLUSHALL",)])
    world.new_counters()
    await world.read(log)
    assert await world.outcome() == truth


@pytest.mark.parametrize("crash", [False, True])
async def test_an_outage_amid_a_restoration_loses_no_post_from_its_lists(
    world: World, *, crash: bool
) -> None:
    for partition in (0, 1):
        await world.read(history(100, partition, POSTS[partition::2]))
    await world.counters.keep_all()
    truth = await world.lists()
    moment, outages = 0, True
    while outages:
        await world.redis.run([("FLUSHALL",)])
        world.fate = Fate(moment, Unavailable("redis"))
        world.new_counters()
        engagement = world.new_engagement()
        try:
            await engagement.open([0, 1])
            outages = False
        except Unavailable:
            if crash:
                world.new_counters()
                engagement = world.new_engagement()
            await engagement.open([0, 1])
        assert await world.lists() == truth, moment
        moment += 1
    assert moment > 20


async def test_only_what_changed_is_kept_and_only_when_it_is_due(world: World) -> None:
    log = history(100)
    await world.read(log)
    await world.due()
    await world.postgres.execute("UPDATE counter_checkpoints SET taken_at = '2000-01-01'")
    one = EngagementUpdated(
        post_id="p3", type=EngagementType.VIEW, delta=1, timestamp=(NOON + 200) * 1_000.0
    )
    # The process goes on, without opening anything anew.
    engagement = world.new_engagement()
    await engagement.open([0])
    await engagement.apply(Log(log.topic, [*log.events, one]).batch(100))
    await world.counters.keep_due()
    assert dict(await world.checkpoints.fences([0])) == {0: 99}
    await world.counters.keep_all()
    assert dict(await world.checkpoints.fences([0])) == {0: 100}
    rows = await world.postgres.fetch(
        "SELECT post_id FROM counter_checkpoints WHERE taken_at > '2001-01-01'"
    )
    assert [row["post_id"] for row in rows] == ["p3"]


async def test_a_checkpoint_that_fails_is_taken_again_with_all_that_changed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_checkpoint: object) -> bool:
        raise Unavailable("postgresql")

    await world.read(until(history(60), 30))
    await world.due()
    await world.read(history(60))
    with monkeypatch.context() as patch:
        patch.setattr(world.checkpoints, "keep", away)
        await world.counters.keep_all()
    assert dict(await world.checkpoints.fences([0])) == {0: 29}
    await world.counters.keep_all()
    truth = await world.outcome()
    await world.redis.run([("FLUSHALL",)])
    world.new_counters()
    await world.read(history(60))
    assert await world.outcome() == truth


async def test_who_does_not_own_a_partition_any_more_keeps_nothing_of_it(world: World) -> None:
    log = history(100)
    await world.read(until(log, 50))
    zombie = world.counters
    world.new_counters()
    await world.read(log)
    await zombie.keep_all()
    assert dict(await world.checkpoints.fences([0])) == {}
    await world.counters.keep_all()
    assert dict(await world.checkpoints.fences([0])) == {0: 99}
