"""Ports ``Viewers``, ``LiveStates``, ``LearnedProfiles`` and ``SeenFilters``."""

import msgspec
import pytest

from domain.accumulators import Accumulator
from domain.interests import InterestProfile
from domain.ports.profiles import ProfileBatch
from domain.ports.viewers import Charge
from domain.viewer import ViewerState
from stores import keys
from stores.redis_client import RedisClient
from stores.redis_profiles import RedisProfiles
from stores.redis_viewers import RedisViewers
from stores.revisions import framed
from tests.contracts.redis_ports import RedisPorts


async def test_a_viewer_nobody_knows_begins_with_nothing(ports: RedisPorts) -> None:
    reads = await ports.viewers.begin("ann", None, ["s1"])
    assert reads.profile == InterestProfile()
    assert reads.state == ViewerState()
    assert (reads.seen, reads.served, reads.sessions) == (b"", b"", {})
    assert reads.allowance is None
    assert not reads.degraded


async def test_a_state_is_written_only_over_the_version_that_was_read(ports: RedisPorts) -> None:
    first = ViewerState(version=1, blocked=("bob",))
    assert await ports.viewers.write_state("ann", first, expected=0)
    assert not await ports.viewers.write_state("ann", ViewerState(version=1), expected=0)
    assert await ports.viewers.write_state("ann", ViewerState(version=2), expected=1)
    assert (await ports.viewers.begin("ann", None, ())).state == ViewerState(version=2)
    assert await ports.states.states(["bob", "ann"]) == {"ann": ViewerState(version=2)}


async def test_sessions_and_the_served_filter_come_back(ports: RedisPorts) -> None:
    await ports.viewers.write_session("s1", b"one", viewer_id="ann", served=b"served")
    await ports.viewers.write_session("s2", b"two", viewer_id=None, served=None)
    reads = await ports.viewers.begin("ann", None, ["s2", "s1", "s3"])
    assert reads.sessions == {"s1": b"one", "s2": b"two"}
    assert reads.served == b"served"
    anonymous = await ports.viewers.begin(None, None, ["s2"])
    assert (anonymous.sessions, anonymous.served) == ({"s2": b"two"}, b"")


async def test_units_are_charged_and_refused_with_the_time_to_wait(ports: RedisPorts) -> None:
    first = (await ports.viewers.begin(None, Charge("a", 25, 30), ())).allowance
    assert first is not None
    assert (first.allowed, first.limit, first.cost, first.remaining) == (True, 30, 25, 5)
    assert first.retry_after == 0.0
    assert 49.0 <= first.reset_after <= 50.0
    second = (await ports.viewers.begin("ann", Charge("a", 10, 30), ["s"])).allowance
    assert second is not None
    assert (second.allowed, second.remaining) == (False, 5)
    assert 9.0 <= second.retry_after <= 10.0
    other = (await ports.viewers.begin(None, Charge("b", 30, 30), ())).allowance
    assert other is not None
    assert other.allowed


async def test_a_profile_with_an_earlier_fence_never_replaces_one(ports: RedisPorts) -> None:
    later = InterestProfile(fence=2**45 + 3, interactions=4)
    await ports.profiles.put({"ann": later})
    await ports.profiles.put({"ann": InterestProfile(fence=2**45 + 2, interactions=9)})
    assert await ports.profiles.load(["bob", "ann"]) == {"ann": later}
    await ports.profiles.put({})


async def test_a_profile_comes_back_as_it_was(ports: RedisPorts) -> None:
    topics = {"cats": Accumulator(5, {1: 2.5, 3: 0.75}, {}), "dogs": Accumulator(9, {}, {3: 5.0})}
    profile = InterestProfile(
        fence=3, at=1.5, topics=topics, liked={-7: 4.0}, saved={9: 6.0}, followed=["bob"]
    )
    await ports.profiles.put({"ann": profile})
    assert await ports.profiles.load(["ann"]) == {"ann": profile}


@pytest.mark.integration
async def test_a_profile_of_another_version_counts_as_none(redis: RedisClient) -> None:
    profiles, viewers = RedisProfiles(redis), RedisViewers(redis)
    # As it was packed before forms had versions.
    before = framed(12, msgspec.msgpack.encode(InterestProfile(fence=12, interactions=4)))
    await redis.run([("SET", keys.profile("ann"), before)])
    assert await profiles.load(["ann"]) == {}
    # That there is something is still told: an erasure asks whether anything is on record.
    reads = await viewers.begin("ann", None, ())
    assert (reads.profile, reads.degraded) == (InterestProfile(fence=12), False)
    restored = InterestProfile(fence=12, interactions=4)
    await profiles.put({"ann": restored})
    assert await profiles.load(["ann"]) == {"ann": restored}
    assert (await viewers.begin("ann", None, ())).profile == restored


async def test_fences_of_profiles_move_only_from_where_they_were(ports: RedisPorts) -> None:
    assert await ports.profiles.save([ProfileBatch(1, -1, 7, {0: b"ids"})]) == [True]
    assert await ports.profiles.save([ProfileBatch(1, -1, 9)]) == [False]
    first, second = await ports.profiles.open([1, 2])
    assert (first.fence, list(first.event_ids)) == (7, [b"ids"])
    assert (second.fence, list(second.event_ids)) == (-1, [])


async def test_seen_filters_come_back(ports: RedisPorts) -> None:
    assert not await ports.seen.put({"ann": b"\x00\xff", "bob": b"b"}, loaded={})
    assert await ports.seen.load(["ann", "carl", "bob"]) == {"ann": b"\x00\xff", "bob": b"b"}


async def test_only_seen_filters_that_are_as_they_were_loaded_are_replaced(
    ports: RedisPorts,
) -> None:
    first = {"ann": b"a", "bob": b"b"}
    await ports.seen.put(first, loaded={})
    later = {"ann": b"a2", "bob": b"b2", "carl": b"c"}
    assert list(await ports.seen.put(later, loaded={"ann": b"a", "carl": b"gone"})) == [
        "bob",
        "carl",
    ]
    assert await ports.seen.load(list(later)) == {"ann": b"a2", "bob": b"b"}


async def test_a_request_is_known_by_the_sessions_that_it_wrote(ports: RedisPorts) -> None:
    for session in ("s2", "s1", "s1"):
        await ports.viewers.write_session(
            session, b"one", viewer_id=None, served=None, request_id="r"
        )
    await ports.viewers.write_session("s3", b"one", viewer_id=None, served=None)
    assert await ports.viewers.sessions_of("r") == ["s1", "s2"]
    assert await ports.viewers.sessions_of("none") == []
