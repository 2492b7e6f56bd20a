"""An erasure takes its steps in order, whoever dies, is late or never answers."""

import pytest

from consumers.erasing import KNOWN, PATIENCE, REPEAT, SETTLED
from domain.erasure import MARK, Phase
from domain.events import EngagementUpdated
from domain.posts import PostStats
from stores.postgres_pool import PostgresPool
from stores.redis_client import RedisClient
from tests.consumers.erasing_world import EVE, World, naming


@pytest.fixture
async def world(redis: RedisClient, postgres_of_worker: PostgresPool) -> World:
    return World(redis, postgres_of_worker)


@pytest.mark.integration
async def test_a_worker_that_dies_at_any_step_goes_on_where_it_was(world: World) -> None:
    await world.prepare(EVE)
    await world.ask(EVE)
    await world.tick(KNOWN)
    first = len(world.log)
    # It died before it noted that the events are published: they are published again.
    (held,) = await world.erasures.under_way(1)
    await world.erasures.enter(held.id, Phase.ASKED, {}, at=0.0)
    world.erasing = world.eraser()
    await world.tick(0.0)
    await world.tick(KNOWN)
    ids = [one.event_id for one in world.log if isinstance(one, EngagementUpdated)]
    again = [one for one in ids if one is not None and one.startswith(MARK)]
    assert len(world.log) > first
    assert len(again) == 2 * len(set(again)) == 10
    await world.count()
    await world.tick(1.0)
    world.erasing = world.eraser()
    await world.tick(0.0)
    await world.tick(SETTLED)
    assert await world.stats() == [PostStats(likes=3, views=1), PostStats(), PostStats()]
    assert naming(EVE, await world.dump()) == []


@pytest.mark.integration
async def test_reactions_stay_until_the_counters_hold_that_they_were_taken_back(
    world: World,
) -> None:
    await world.prepare(EVE)
    await world.ask(EVE)
    await world.tick(KNOWN)
    await world.tick(SETTLED)  # nobody counts
    assert await world.data.find(EVE) == ["reactions.user_id"]
    assert [one.phase for one in await world.erasures.under_way(1)] == [Phase.ASKED]
    await world.tick(0.0)
    await world.tick(REPEAT)
    await world.count()
    await world.tick(0.0)
    await world.tick(SETTLED)
    assert await world.data.find(EVE) == []
    assert await world.stats() == [PostStats(likes=3, views=1), PostStats(), PostStats()]


@pytest.mark.integration
async def test_counters_that_never_answer_do_not_keep_a_person_here(world: World) -> None:
    await world.prepare(EVE)
    await world.ask(EVE)
    await world.tick(KNOWN)
    await world.tick(PATIENCE)
    await world.tick(1.0)
    assert naming(EVE, await world.dump()) == []


@pytest.mark.integration
async def test_an_erasure_that_is_taken_up_late_waits_for_the_counters_all_the_same(
    world: World,
) -> None:
    await world.prepare(EVE)
    await world.erasures.request(EVE, world.clock.now())
    world.clock.advance(PATIENCE + SETTLED)  # all consumers are down
    for _ in range(5):
        await world.tick(1.0)
    assert "reactions.user_id" in await world.data.find(EVE)
    await world.count()
    await world.tick(SETTLED)
    await world.tick(0.0)
    assert await world.stats() == [PostStats(likes=3, views=1), PostStats(), PostStats()]
    assert naming(EVE, await world.dump()) == []
