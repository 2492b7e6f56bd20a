"""The loop leaves stores alone that are away or slow, and rests at no other time."""

from collections.abc import Sequence

from typing_extensions import override

from consumers.batches import Batch
from consumers.pace import Pace
from domain.errors import Unavailable
from tests.consumers.loop_rig import PLACE, MemoryHandler, Rig, values
from tests.consumers.memory_source import MemorySource
from tests.fakes.clock import FixedClock


class Pausing(MemorySource):
    """Idling takes its time on a clock that else stands."""

    def __init__(self, clock: FixedClock, values: Sequence[bytes | None]) -> None:
        super().__init__(PLACE, values)
        self._clock = clock

    @override
    async def idle(self, seconds: float) -> None:
        await super().idle(seconds)
        self._clock.advance(seconds)


async def test_a_store_that_is_away_is_asked_ever_more_seldom() -> None:
    asked: list[str] = []

    def fail(_batch: Batch) -> None:
        asked.append(f"{clock.now() - began:.1f}")
        if len(asked) == 4:
            source.rewind([PLACE])  # read again for a reason of its own: no sign of a store
        if len(asked) < 9:
            raise Unavailable("redis")

    clock = FixedClock()
    began = clock.now()
    source, handler = Pausing(clock, values(2)), MemoryHandler(fail)
    await Rig(source, handler, clock=clock, pace=Pace(most=2)).run()
    assert asked == ["0.0", "0.1", "0.3", "0.7", "1.5", "3.1", "6.3", "11.3", "16.3"]
    assert handler.batches == [["p0", "p1"]]


async def test_a_slow_store_is_left_alone_after_each_batch_ever_longer() -> None:
    told: list[str] = []

    class Stores:
        slow = True

        def are_slow(self) -> bool:
            return self.slow

    class Telling(Pausing):
        @override
        async def commit(self) -> None:
            await super().commit()
            told.append(f"{len(handler.applied)} done at {clock.now() - began:.3f}")
            stores.slow = len(handler.applied) not in (7, 8)

    stores, handler = Stores(), MemoryHandler()
    clock = FixedClock()
    source = Telling(clock, values(10))
    pace = Pace(most=1, is_store_slow=stores.are_slow)
    rig = Rig(source, handler, pace=pace, clock=clock)
    began = clock.now()
    await rig.run()
    assert told == [
        "1 done at 0.000",
        "2 done at 0.100",
        "3 done at 0.300",
        "4 done at 0.700",
        "5 done at 1.500",
        "6 done at 2.500",
        "7 done at 3.500",
        "8 done at 3.500",  # no store is slow
        "9 done at 3.500",
        "10 done at 3.600",
    ]
    waits = 'explore_consumer_pauses_total{consumer="test",reason="slow"} 8.0'
    assert waits in rig.metrics.exposition().decode()


async def test_nobody_rests_while_stores_are_quick_or_there_is_nothing_to_do() -> None:
    source, handler = MemorySource(PLACE, values(5_000)), MemoryHandler()
    rig = Rig(source, handler, pace=Pace())
    await rig.run()
    assert [len(batch) for batch in handler.batches] == [2_000, 2_000, 1_000]
    assert source.idled == 0.0
    assert "explore_consumer_pauses_total{" not in rig.metrics.exposition().decode()
    source = MemorySource(PLACE, [])
    rounds = iter(range(100))
    rig = Rig(source, handler, pace=Pace(is_store_slow=lambda: True))
    await rig.run(until=lambda: next(rounds) == 99)
    assert source.idled == 0.0
