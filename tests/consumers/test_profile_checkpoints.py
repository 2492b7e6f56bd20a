"""After a loss profiles go on where they are durable, not at the beginning of the log."""

import pytest

from consumers.profile_checkpoints import CheckpointedProfiles
from domain.interests import InterestProfile
from domain.ports import PartitionState, ProfileBatch
from stores.postgres_pool import PostgresPool
from stores.postgres_profile_fences import PostgresProfileFences
from stores.redis_client import RedisClient
from stores.redis_profile_fences import RedisProfileFences
from stores.redis_profiles import RedisProfiles

pytestmark = pytest.mark.integration
EMPTY = PartitionState(-1, event_ids=[])


def profiles(redis: RedisClient, postgres: PostgresPool) -> CheckpointedProfiles:
    return CheckpointedProfiles(
        RedisProfiles(redis), RedisProfileFences(redis), PostgresProfileFences(postgres)
    )


async def nothing() -> None:
    """All profiles are durable."""


async def test_lost_fences_and_event_ids_come_back(
    redis: RedisClient, postgres: PostgresPool
) -> None:
    before = profiles(redis, postgres)
    assert await before.open([0, 1]) == [EMPTY, EMPTY]
    batches = [ProfileBatch(0, -1, 7, {3: b"ids"}), ProfileBatch(1, -1, 9, {})]
    assert await before.save(batches) == [True, True]
    await before.keep_behind(nothing)
    await before.save([ProfileBatch(1, 9, 12, {})])  # not kept
    await redis.run([("FLUSHALL",)])
    after = profiles(redis, postgres)
    assert await after.open([0, 1, 2]) == [
        PartitionState(7, event_ids=[b"ids"]),
        PartitionState(9, event_ids=[]),
        EMPTY,
    ]
    assert await after.open([0]) == [PartitionState(7, event_ids=[b"ids"])]


async def test_a_fence_is_kept_only_when_what_lies_before_it_is_durable(
    redis: RedisClient, postgres: PostgresPool
) -> None:
    found, fences = profiles(redis, postgres), PostgresProfileFences(postgres)
    await found.open([0])
    await found.put({"eve": InterestProfile(fence=1)})
    await found.save([ProfileBatch(0, -1, 1, {})])

    async def fails() -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await found.keep_behind(fails)
    assert await fences.read([0]) == {}

    async def moves() -> None:
        assert await found.save([ProfileBatch(0, 1, 2, {})]) == [True]

    await found.keep_behind(moves)
    assert (await fences.read([0]))[0].fence == 1
    await found.keep_behind(nothing)
    assert (await fences.read([0]))[0].fence == 2


async def test_a_fence_that_somebody_else_moved_is_not_ours_to_keep(
    redis: RedisClient, postgres: PostgresPool
) -> None:
    zombie, owner = profiles(redis, postgres), profiles(redis, postgres)
    await zombie.open([0])
    await zombie.save([ProfileBatch(0, -1, 1, {})])
    await owner.open([0])
    await owner.save([ProfileBatch(0, 1, 2, {})])
    await zombie.keep_behind(nothing)
    assert await PostgresProfileFences(postgres).read([0]) == {}
