"""After a loss profiles go on where they are durable, not at the beginning of the log."""

from collections.abc import Sequence

import pytest
from msgspec.msgpack import encode

from consumers.blocks import Blocks
from consumers.handlers.interests import Interests, ViewerStores
from consumers.profile_checkpoints import CheckpointedProfiles
from consumers.profiles import ViewerProfiles
from domain.events import Action, UserInteraction
from domain.interests import InterestProfile
from domain.ports.partition_state import PartitionState
from domain.ports.profiles import ProfileBatch
from domain.topics import USER_INTERACTION
from stores.postgres_interactions import PostgresInteractions
from stores.postgres_pool import PostgresPool
from stores.postgres_profile_fences import PostgresProfileFences
from stores.postgres_profiles import PostgresProfiles
from stores.redis_client import RedisClient
from stores.redis_profile_fences import RedisProfileFences
from stores.redis_profiles import RedisProfiles
from tests.consumers.log import NOON, Log, consume
from tests.fakes.clock import FixedClock
from tests.fakes.follows import MemoryFollows
from tests.fakes.posts import MemoryPosts
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.records import MemoryPostRecords
from tests.fakes.viewer_states import MemoryViewerStates
from tests.fakes.viewers import MemorySeen, MemoryViewers

pytestmark = pytest.mark.integration
EMPTY = PartitionState(-1, event_ids=[])


def profiles(redis: RedisClient, postgres: PostgresPool) -> CheckpointedProfiles:
    return CheckpointedProfiles(
        RedisProfiles(redis),
        RedisProfileFences(redis),
        PostgresProfileFences(postgres),
        PostgresInteractions(postgres),
    )


class Owner:
    """One life of the consumer over the stores of viewers."""

    def __init__(self, redis: RedisClient, postgres: PostgresPool) -> None:
        self.live = profiles(redis, postgres)
        self.profiles = ViewerProfiles(self.live, PostgresProfiles(postgres))
        states, follows = MemoryViewers(FixedClock(NOON)), MemoryFollows()
        self.handler = Interests(
            ViewerStores(self.profiles, states, MemorySeen(), PostgresInteractions(postgres)),
            MemoryPostRecords(MemoryPosts()),
            MemoryPublisher(),
            follows,
            Blocks(follows, states, MemoryViewerStates()),
        )

    async def read(self, log: Log, end: int) -> None:
        await consume(self.handler, Log(log.topic, log.events[:end]), 1)

    async def keep(self) -> None:
        await self.live.keep_behind(self.profiles.make_durable)


def follows_of(*viewers: str) -> Log:
    """Each follows somebody else, one after another."""
    events = [
        UserInteraction(
            event_id=f"e{number}",
            user_id=viewer,
            action=Action.FOLLOW,
            timestamp=(NOON + number) * 1_000.0,
            creator_id=f"c{number}",
        )
        for number, viewer in enumerate(viewers)
    ]
    return Log(USER_INTERACTION.name, events)


async def nothing(_viewers: Sequence[str]) -> None:
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

    async def fails(_viewers: Sequence[str]) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await found.keep_behind(fails)
    assert await fences.read([0]) == {}

    async def moves(_viewers: Sequence[str]) -> None:
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


async def test_what_a_dead_owner_had_in_hand_is_durable_before_the_fence_is(
    redis: RedisClient, postgres_of_worker: PostgresPool
) -> None:
    log = follows_of("eve", "ann", "eve", "bob", "bob", "eve")
    undisturbed = Owner(redis, postgres_of_worker)
    await undisturbed.read(log, 6)
    truth = await undisturbed.live.load(["ann", "bob", "eve"])
    assert len(truth["eve"].creators) == 3
    await redis.run([("FLUSHALL",)])
    await postgres_of_worker.execute("DELETE FROM interactions")
    before = Owner(redis, postgres_of_worker)
    await before.read(log, 1)
    await before.keep()
    await before.read(log, 3)  # dies with these
    heir = Owner(redis, postgres_of_worker)
    await heir.read(log, 4)
    await heir.keep()
    await redis.run([("FLUSHALL",)])
    after = Owner(redis, postgres_of_worker)
    assert (await after.live.open([0]))[0].fence == 3
    await after.read(log, 6)
    after_all = await after.profiles.load(["ann", "bob", "eve"])
    assert {viewer: encode(one) for viewer, one in after_all.items()} == {
        viewer: encode(one) for viewer, one in truth.items()
    }


async def test_a_fence_waits_until_a_dead_owners_profiles_could_be_written(
    redis: RedisClient, postgres_of_worker: PostgresPool
) -> None:
    log = follows_of("eve", "ann")
    await Owner(redis, postgres_of_worker).read(log, 1)
    heir, fences = Owner(redis, postgres_of_worker), PostgresProfileFences(postgres_of_worker)
    await heir.read(log, 2)
    written: list[Sequence[str]] = []

    async def fails_once(viewers: Sequence[str]) -> None:
        written.append(viewers)
        if len(written) == 1:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await heir.live.keep_behind(fails_once)
    assert await fences.read([0]) == {}
    await heir.live.keep_behind(fails_once)
    assert written == [["eve"], ["eve"], ()]
    assert (await fences.read([0]))[0].fence == 1
