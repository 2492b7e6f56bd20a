"""Port ``Counters``."""

from domain.engagement import EngagementState
from domain.ports.counters import CounterBatch
from domain.ports.partition_state import Crossing
from domain.posts import PostStats
from domain.trending import Window
from tests.contracts.redis_ports import RedisPorts


def batch(
    fence: int, through: int, *, partition: int = 3, **states: EngagementState
) -> CounterBatch:
    return CounterBatch(partition=partition, fence=fence, through=through, states=states)


async def test_a_new_partition_begins_with_nothing(ports: RedisPorts) -> None:
    (state,) = await ports.counters.open([3])
    assert (state.fence, dict(state.dirty), list(state.crossings)) == (-1, {}, [])
    assert list(state.event_ids) == []


async def test_states_and_fence_are_saved_together_and_come_back(ports: RedisPorts) -> None:
    kept = EngagementState(likes=3, at=5.5, sums={"": [1.0, 2.0, 3.0]}, scopes={"global": 7})
    crossing = Crossing("a", Window.DAY, 250.0, 9.5)
    saved = await ports.counters.save(
        [
            CounterBatch(
                partition=3,
                fence=-1,
                through=2**40 + 17,
                states={"a": kept},
                dirty={"a": {"region:DE": 3}},
                crossings=[crossing],
                event_ids={0: b"segment"},
            )
        ]
    )
    assert saved == [True]
    (state,) = await ports.counters.open([3])
    assert state.fence == 2**40 + 17
    assert dict(state.dirty) == {"a": {"region:DE": 3}}
    assert list(state.crossings) == [crossing]
    assert list(state.event_ids) == [b"segment"]
    assert await ports.counters.load({3: ["a", "b"], 4: []}) == {"a": kept}


async def test_a_writer_that_was_overtaken_changes_nothing(ports: RedisPorts) -> None:
    await ports.counters.save([batch(-1, 10, a=EngagementState(likes=1))])
    zombie = batch(-1, 12, a=EngagementState(likes=9), b=EngagementState(likes=9))
    other = batch(-1, 4, partition=4, c=EngagementState(likes=2))
    assert await ports.counters.save([zombie, other]) == [False, True]
    assert await ports.counters.load({3: ["a", "b"]}) == {"a": EngagementState(likes=1)}
    states = await ports.counters.open([3, 4])
    assert [state.fence for state in states] == [10, 4]


async def test_a_batch_without_states_moves_the_fence(ports: RedisPorts) -> None:
    assert await ports.counters.save([batch(-1, 5)]) == [True]
    assert await ports.counters.save([batch(5, 6)]) == [True]
    assert [state.fence for state in await ports.counters.open([3])] == [6]


async def test_ids_of_posts_never_meet_our_own_fields(ports: RedisPorts) -> None:
    names = ("fence", "unfinished", "seen:0")
    states = {name: EngagementState(likes=4) for name in names}
    await ports.counters.save([CounterBatch(partition=3, fence=-1, through=8, states=states)])
    assert [state.fence for state in await ports.counters.open([3])] == [8]
    assert set(await ports.counters.load({3: names})) == set(names)


async def test_a_full_batch_fits(ports: RedisPorts) -> None:
    states = {f"p{number}": EngagementState(likes=number) for number in range(1_000)}
    await ports.counters.save([CounterBatch(partition=3, fence=-1, through=8, states=states)])
    assert await ports.counters.load({3: list(states)}) == states


async def test_totals_that_people_see_are_never_negative(ports: RedisPorts) -> None:
    assert await ports.counters.stats(["unknown"]) == [PostStats()]
