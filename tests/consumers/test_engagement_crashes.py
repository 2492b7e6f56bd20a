"""``engagement`` is killed between any two of its steps and loses and doubles nothing.

What comes out, states byte by byte and lists to the last score, is compared with a life without
crash over the same stores in memory. The control forgets the fence and must be wrong.
"""

from collections import Counter

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.events import EngagementType, EngagementUpdated
from domain.topics import ENGAGEMENT_UPDATED
from stores import keys
from stores.postgres_pool import PostgresPool
from stores.redis_client import RedisClient
from tests.consumers.engagement_world import (
    POSTS,
    SIZE,
    Teller,
    World,
    history,
    in_memory,
    in_stores,
    lives,
    undisturbed,
)
from tests.consumers.log import NOON, Log, consume
from tests.consumers.mortality import Died, Fate
from tests.contracts.events import ingestion, moderation
from tests.fakes.counters import MemoryCounters
from tests.fakes.pools import MemoryPools
from tests.fakes.posts import MemoryPosts
from tests.fakes.reactions import MemoryReactions
from tests.fakes.records import MemoryPostRecords


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
