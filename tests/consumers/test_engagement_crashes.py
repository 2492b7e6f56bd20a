"""``engagement`` is killed between any two of its steps and loses and doubles nothing.

What comes out, states byte by byte and lists to the last score, is compared with a life without
crash over the same stores in memory. The control forgets the fence and must be wrong.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from consumers.batches import FenceMoved
from consumers.handlers.engagement import Engagement
from domain.events import (
    ENGAGEMENT_UPDATED,
    EngagementType,
    EngagementUpdated,
    Event,
    PostViral,
    UserInteraction,
)
from domain.ports.counters import CounterBatch, Counters
from domain.ports.pools import Pools, PoolWrite, PoolWriter
from domain.ports.posts import PostRecords
from domain.ports.reactions import Reactions
from stores import keys
from stores.postgres_pool import PostgresPool
from stores.postgres_reactions import PostgresReactions
from stores.redis_client import RedisClient
from stores.redis_counters import RedisCounters
from stores.redis_pools import RedisPools, RedisPoolWriter
from tests.consumers.log import NOON, Log, consume
from tests.consumers.mortality import Died, Fate, mortal
from tests.contracts.events import ingestion, moderation
from tests.fakes.counters import MemoryCounters
from tests.fakes.pools import MemoryPools
from tests.fakes.posts import MemoryPosts
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.reactions import MemoryReactions
from tests.fakes.records import MemoryPostRecords

POSTS = [f"p{number}" for number in range(5)]
SIZE = 25
LISTS = [
    f"trending:{window}:{scope}"
    for window in ("HOUR", "DAY", "WEEK")
    for scope in ("global", "region:DE", "region:US", "cat:pets", "tag:cats")
]


class Teller(MemoryPublisher):
    """``tellings``: how often it was told what went viral."""

    def __init__(self) -> None:
        super().__init__()
        self.tellings = 0

    @override
    async def publish(self, events: Sequence[Event]) -> None:
        await super().publish(events)
        self.tellings += any(isinstance(event, PostViral) for event in events)


@dataclass
class World:
    counters: Counters
    reactions: Reactions
    pools: Pools
    pool_writer: PoolWriter
    records: PostRecords
    publisher: Teller

    def handler(self, fate: Fate) -> Engagement:
        """A new process over the same stores."""
        return Engagement(
            mortal(self.counters, fate),
            mortal(self.reactions, fate),
            mortal(self.records, fate),
            mortal(self.pool_writer, fate),
            mortal(self.publisher, fate),
        )

    async def outcome(self) -> object:
        states = await self.counters.load({0: POSTS})
        lists = await self.pools.read(LISTS, 100)
        packed = {post_id: msgspec.msgpack.encode(states[post_id]) for post_id in sorted(states)}
        return packed, [(list(one.ids), one.scores.tolist()) for one in lists]

    def told_again(self) -> set[str]:
        events = self.publisher.events
        return {event.event_id for event in events if isinstance(event, UserInteraction)}

    def went_viral(self) -> Counter[PostViral]:
        return Counter(one for one in self.publisher.events if isinstance(one, PostViral))


async def records() -> PostRecords:
    posts = MemoryPosts()
    for post_id in POSTS[1:]:  # the first one is unknown as yet
        told = ingestion(post_id, tags=["cats"], categories={"pets": 0.9}, region="DE")
        await posts.ingest([told])
        await posts.moderate([moderation(post_id, spam_score=0.1, nsfw_score=0.0)])
    return MemoryPostRecords(posts)


async def in_memory() -> World:
    pools = MemoryPools()
    return World(MemoryCounters(), MemoryReactions(), pools, pools, await records(), Teller())


async def in_stores(redis: RedisClient, postgres: PostgresPool) -> World:
    await redis.run([("FLUSHALL",)])
    await postgres.execute("TRUNCATE reactions")
    return World(
        RedisCounters(redis),
        PostgresReactions(postgres),
        RedisPools(redis),
        RedisPoolWriter(redis),
        await records(),
        Teller(),
    )


def history(seed: int, size: int = 60) -> Log:
    random = Random(seed)

    def event(number: int) -> EngagementUpdated:
        person = random.choice([None, None, *(f"u{one}" for one in range(6))])
        kind = random.choice([*EngagementType, EngagementType.LIKE, EngagementType.LIKE])
        return EngagementUpdated(
            post_id=random.choice(POSTS),
            type=kind,
            delta=random.choice([1, 1, -1]) if person else random.choice([0, 1, 150]),
            timestamp=(NOON + number + random.choice([0, 0, -5_000])) * 1_000.0,
            user_id=person,
            event_id=random.choice([None, f"e{random.randrange(20)}"]),
            region=random.choice([None, "US", "odd"]),
        )

    return Log(ENGAGEMENT_UPDATED.name, [event(number) for number in range(size)])


async def lives(world: World, log: Log, moment: int | None) -> Fate:
    """A life that ends at a moment, and one after it."""
    fate = Fate(moment)
    try:
        await consume(world.handler(fate), log, SIZE)
    except Died:
        await consume(world.handler(Fate()), log, SIZE)
    return fate


async def undisturbed(log: Log) -> tuple[World, int]:
    world = await in_memory()
    fate = await lives(world, log, None)
    return world, fate.moments


@pytest.mark.parametrize("seed", range(3))
async def test_killed_at_any_moment_nothing_is_lost_or_doubled(seed: int) -> None:
    log = history(seed)
    truth, moments = await undisturbed(log)
    assert set(truth.went_viral().values()) == {1}
    repeated = 0
    for moment in range(moments):
        world = await in_memory()
        await lives(world, log, moment)
        assert await world.outcome() == await truth.outcome(), f"moment {moment}"
        assert world.told_again() == truth.told_again()
        assert set(world.went_viral()) == set(truth.went_viral())
        repeated += world.went_viral() != truth.went_viral()
    # Killed after telling, or before noting that it was told.
    assert repeated == 2 * truth.publisher.tellings


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from(POSTS[:2]), st.integers(-1, 1)), min_size=1, max_size=12),
    st.sampled_from([None, "ann"]),
)
async def test_views_add_up_however_they_fall_into_batches(
    views: list[tuple[str, int]], person: str | None
) -> None:
    log = Log(
        ENGAGEMENT_UPDATED.name,
        [
            EngagementUpdated(
                post_id=post_id,
                type=EngagementType.VIEW,
                delta=delta,
                timestamp=NOON * 1_000.0,
                user_id=person if delta else None,
            )
            for post_id, delta in views
        ],
    )
    at_once, one_by_one = await in_memory(), await in_memory()
    await consume(at_once.handler(Fate()), log, len(views))
    await consume(one_by_one.handler(Fate()), log, 1)
    assert await one_by_one.outcome() == await at_once.outcome()
    counted = await one_by_one.counters.load({0: POSTS})
    sums = Counter[str]()
    for post_id, delta in views:
        sums[post_id] += delta
    assert {post_id: state.views for post_id, state in counted.items() if state.views} == {
        post_id: total for post_id, total in sums.items() if total
    }


async def test_another_life_tells_nothing_again() -> None:
    log = history(0)
    world, _ = await undisturbed(log)
    told = world.publisher.tellings
    assert told > 0
    for _ in range(3):
        await consume(world.handler(Fate()), log, SIZE)
    handler = world.handler(Fate())
    for _ in range(3):
        await handler.open([0])
    assert world.publisher.tellings == told


async def test_what_crossed_before_its_post_was_known_is_told_once_it_is() -> None:
    posts = MemoryPosts()
    pools, publisher = MemoryPools(), Teller()
    world = World(
        MemoryCounters(), MemoryReactions(), pools, pools, MemoryPostRecords(posts), publisher
    )
    step = EngagementUpdated(
        post_id="p1", type=EngagementType.LIKE, delta=50, timestamp=NOON * 1_000.0
    )
    look = msgspec.structs.replace(step, type=EngagementType.VIEW, delta=0)
    log = Log(ENGAGEMENT_UPDATED.name, [step, look, look])
    handler = world.handler(Fate())
    await handler.open([0])
    await handler.apply(log.batch(0, 1))
    assert not world.went_viral()
    await posts.ingest([ingestion("p1")])
    await posts.moderate([moderation("p1", spam_score=0.1, nsfw_score=0.0)])
    await handler.apply(log.batch(1, 1))
    assert [(one.post_id, one.window) for one in world.went_viral()] == [("p1", "HOUR")]
    await handler.apply(log.batch(2, 1))
    assert publisher.tellings == 1


@pytest.mark.integration
async def test_killed_at_any_moment_over_real_stores(
    redis: RedisClient, postgres: PostgresPool
) -> None:
    log = history(7)
    truth, moments = await undisturbed(log)
    for moment in range(moments):
        world = await in_stores(redis, postgres)
        await lives(world, log, moment)
        assert await world.outcome() == await truth.outcome(), f"moment {moment}"
        assert world.told_again() == truth.told_again()


@pytest.mark.integration
async def test_the_control_without_a_fence_is_wrong(
    redis: RedisClient, postgres: PostgresPool
) -> None:
    log = history(7)
    truth, moments = await undisturbed(log)
    wrong = 0
    for moment in range(0, moments, 3):
        world = await in_stores(redis, postgres)
        fate = Fate(moment)
        try:
            await consume(world.handler(fate), log, SIZE)
        except Died:
            await redis.run([("HDEL", keys.counters(0), "@fence")])
            await consume(world.handler(Fate()), log, SIZE)
        wrong += await world.outcome() != await truth.outcome()
    assert wrong > 0


async def test_a_batch_delivered_again_changes_nothing() -> None:
    log = history(11)
    truth, _ = await undisturbed(log)
    world = await in_memory()
    handler = world.handler(Fate())
    await handler.open([0])
    for first, size in ((0, 30), (0, 30), (10, 40), (0, 60), (59, 1)):
        await handler.apply(log.batch(first, size))
    assert await world.outcome() == await truth.outcome()
    assert world.told_again() == truth.told_again()


async def test_a_zombie_writes_nothing_and_its_successor_everything() -> None:
    log = history(13)
    truth, _ = await undisturbed(log)
    world = await in_memory()
    zombie, successor = world.handler(Fate()), world.handler(Fate())
    await zombie.open([0])
    await zombie.apply(log.batch(0, 20))
    await consume(successor, log, SIZE)
    await consume(zombie, log, SIZE)  # it opens the partition anew, for its fence moved
    assert await world.outcome() == await truth.outcome()


async def test_partitions_may_be_taken_away_while_it_tells_what_went_viral() -> None:
    log, truth, world = history(3), await in_memory(), await in_memory()
    await consume(truth.handler(Fate()), log, SIZE)
    handler = world.handler(Fate())
    told = world.publisher.publish

    async def taken_away(events: Sequence[Event]) -> None:
        await told(events)
        if any(isinstance(event, PostViral) for event in events):
            handler.release()

    world.publisher.publish = taken_away
    await handler.open([0])
    await handler.apply(log.batch(0, SIZE))
    assert world.publisher.tellings == 1
    world.publisher.publish = told
    await consume(handler, log, SIZE)
    assert await world.outcome() == await truth.outcome()


async def test_partitions_may_be_taken_away_while_it_saves() -> None:
    log, world = history(3), await in_memory()
    handler = world.handler(Fate())
    save = world.counters.save

    async def taken_away(batches: Sequence[CounterBatch]) -> Sequence[bool]:
        handler.release()
        return await save(batches)

    world.counters.save = taken_away
    await handler.open([0])
    with pytest.raises(FenceMoved):
        await handler.apply(log.batch(0, SIZE))


class Held(PoolWriter):
    """Takes its time with the first write."""

    def __init__(self, pools: PoolWriter) -> None:
        self._pools = pools
        self.reached = asyncio.Event()
        self.going_on = asyncio.Event()

    async def has_begun(self) -> None:
        async with asyncio.timeout(10):
            await self.reached.wait()
        self.reached.clear()

    @override
    async def write(self, writes: Sequence[PoolWrite]) -> None:
        self.reached.set()
        await self.going_on.wait()
        await self._pools.write(writes)

    @override
    async def replace(self, name: str, members: Mapping[str, float]) -> None:
        await self._pools.replace(name, members)

    @override
    async def trim(self, name: str, keep: int) -> None:
        await self._pools.trim(name, keep)

    @override
    async def announce(self, *, posts: Sequence[str] = (), creators: Sequence[str] = ()) -> None:
        await self._pools.announce(posts=posts, creators=creators)


@pytest.mark.parametrize("seed", [0, 1, 3])
@pytest.mark.parametrize("opening", [False, True])
async def test_who_was_overtaken_takes_nothing_back_of_the_lists(
    seed: int, *, opening: bool
) -> None:
    truth, shared, log = await in_memory(), await in_memory(), history(seed, 120)
    await consume(truth.handler(Fate()), log, SIZE)
    held = Held(shared.pool_writer)
    overtaken = replace(shared, pool_writer=held).handler(Fate())
    await overtaken.open([0])
    applying = asyncio.ensure_future(overtaken.apply(log.batch(0, SIZE)))
    await held.has_begun()
    if opening:  # it died behind its save; who takes over is frozen while doing the rest
        applying.cancel()
        applying = asyncio.ensure_future(
            replace(shared, pool_writer=held).handler(Fate()).open([0])
        )
        await held.has_begun()
    await consume(shared.handler(Fate()), log, SIZE)
    held.going_on.set()
    await applying
    assert await shared.outcome() == await truth.outcome()


async def test_a_list_that_a_post_left_meanwhile_does_not_get_it_back() -> None:
    shared = await in_memory()
    log = Log(
        ENGAGEMENT_UPDATED.name,
        [
            EngagementUpdated(
                post_id="p1", type=EngagementType.LIKE, delta=delta, timestamp=NOON * 1_000.0
            )
            for delta in (150, -150)
        ],
    )
    held = Held(shared.pool_writer)
    overtaken = replace(shared, pool_writer=held).handler(Fate())
    await overtaken.open([0])
    applying = asyncio.ensure_future(overtaken.apply(log.batch(0, 1)))
    await held.has_begun()
    await consume(shared.handler(Fate()), log, 1)
    held.going_on.set()
    await applying
    assert [list(one.ids) for one in await shared.pools.read(LISTS, 100)] == [[] for _ in LISTS]
