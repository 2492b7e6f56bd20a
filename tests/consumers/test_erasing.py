"""An erased person is nowhere any more, counts nowhere, and comes back by no replay."""

import pytest

from consumers.erasing import KNOWN, SETTLED
from domain.interests import InterestProfile
from domain.posts import PostStats
from domain.topics import ENGAGEMENT_UPDATED
from stores.postgres_pool import PostgresPool
from stores.postgres_profiles import PostgresProfiles
from stores.redis_client import RedisClient
from stores.redis_log import RedisLog
from stores.redis_profiles import RedisProfiles
from tests.consumers.erasing_world import ANN, EVE, World, naming, of_others
from tests.consumers.log import NOON


@pytest.fixture
async def world(redis: RedisClient, postgres_of_worker: PostgresPool) -> World:
    return World(redis, postgres_of_worker)


@pytest.mark.integration
async def test_nothing_of_the_person_is_left_and_all_of_the_others(world: World) -> None:
    await world.prepare(EVE, ANN)
    before = await world.dump()
    assert len(naming(EVE, before)) > 15
    await world.erase(EVE)
    after = await world.dump()
    assert naming(EVE, after) == []
    assert of_others(EVE, before) == of_others(EVE, after)
    assert naming(ANN, before) == naming(ANN, after)
    receipt = await world.erasures.latest(EVE)
    assert receipt is not None
    assert receipt.completed_at is not None
    assert receipt.completed_at == world.clock.now()
    assert receipt.completed_at - receipt.requested_at < 60.0
    assert receipt.stores == {"postgresql": 13, "redis": 8}
    assert await world.erasures.under_way(10) == []


@pytest.mark.integration
async def test_what_the_person_liked_counts_as_if_it_had_never_been(world: World) -> None:
    await world.prepare(EVE, ANN)
    assert await world.stats() == [
        PostStats(likes=5, views=2),
        PostStats(comments=6),
        PostStats(),
    ]
    with_eve = await world.trends()
    await world.erase(EVE)
    # Views are counted and kept of nobody.
    assert await world.stats() == [PostStats(likes=4, views=2), PostStats(comments=3), PostStats()]
    assert await world.trends() != with_eve
    flags = await world.postgres.fetchrow("SELECT reports FROM content_flags WHERE post_id = 'p0'")
    totals = await world.postgres.fetchrow("SELECT uses FROM hashtag_totals")
    assert flags is not None
    assert totals is not None
    assert (flags["reports"], totals["uses"]) == (1, 1)


@pytest.mark.integration
async def test_records_that_the_log_still_keeps_bring_nothing_back(
    world: World, postgres: PostgresPool
) -> None:
    await world.prepare(EVE, ANN)
    await world.erase(EVE)
    stats, trends = await world.stats(), await world.trends()
    await world.redis.run([("FLUSHALL",)])
    await postgres.execute("TRUNCATE counter_fences, counter_checkpoints")
    await RedisLog(world.redis).note_partitions({ENGAGEMENT_UPDATED.name: 1})
    await world.count()
    assert await world.stats() == stats
    assert await world.trends() == trends
    assert naming(EVE, await world.dump()) == []


@pytest.mark.integration
async def test_what_arrives_meanwhile_goes_as_well(world: World) -> None:
    await world.prepare(EVE)
    await world.ask(EVE)
    await world.tick(KNOWN)
    await world.count()
    await world.tick(1.0)
    late = InterestProfile(fence=9, at=NOON, last_active=NOON)
    await RedisProfiles(world.redis).put({EVE: late})
    await PostgresProfiles(world.postgres).write_many({EVE: late})  # is not taken
    await world.viewers.write_session("late", EVE.encode(), viewer_id=EVE, served=None)
    assert await world.data.find(EVE) == ["reactions.user_id"]
    await world.tick(SETTLED)
    assert naming(EVE, await world.dump()) == []
    await PostgresProfiles(world.postgres).write_many({EVE: late})
    assert await world.data.find(EVE) == []
    back = InterestProfile(fence=9, at=NOON, last_active=world.clock.now() + 1.0)
    await PostgresProfiles(world.postgres).write_many({EVE: back})
    assert await world.data.find(EVE) == ["user_interest_profiles.user_id"]
