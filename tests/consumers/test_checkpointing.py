"""Counters come back from their checkpoints and the log, byte for byte."""

import pytest

from domain.errors import Unavailable
from domain.events import EngagementType, EngagementUpdated
from stores.postgres_pool import PostgresPool
from stores.redis_client import RedisClient
from tests.consumers.checkpointing_world import POSTS, World, history, until
from tests.consumers.log import NOON, Log
from tests.consumers.mortality import Fate

pytestmark = pytest.mark.integration


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
