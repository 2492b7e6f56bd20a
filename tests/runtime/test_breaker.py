"""The nine conformance behaviors, then random schedules against the probe bound."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from runtime.breaker import BreakerPolicy, CircuitBreaker, CircuitOpen, State
from tests.fakes.clock import FixedClock

Operation = Callable[[], Awaitable[object]]


class Boom(Exception):
    pass


POLICY = BreakerPolicy(window_calls=20, minimum_calls=10, open_seconds=0.5)


def make(clock: FixedClock, policy: BreakerPolicy = POLICY) -> CircuitBreaker:
    return CircuitBreaker("store", policy, clock=clock.monotonic)


async def good() -> int:
    return 1


async def bad() -> int:
    raise Boom


async def outcome(breaker: CircuitBreaker, operation: Operation) -> str:
    try:
        await breaker.call(operation)
    except Boom:
        return "failed"
    except CircuitOpen:
        return "rejected"
    return "ok"


async def opened(clock: FixedClock, policy: BreakerPolicy = POLICY) -> CircuitBreaker:
    breaker = make(clock, policy)
    for _ in range(10):
        await outcome(breaker, bad)
    assert breaker.state is State.OPEN
    return breaker


async def test_1_opens_after_straight_failures_but_not_before_the_minimum() -> None:
    breaker = make(FixedClock())
    for _ in range(9):
        await outcome(breaker, bad)
    assert breaker.state is State.CLOSED
    await outcome(breaker, bad)
    assert await outcome(breaker, good) == "rejected"


async def test_2_opens_at_half_the_calls_failing() -> None:
    breaker = make(FixedClock())
    seen = [await outcome(breaker, bad if i % 2 else good) for i in range(40)]
    assert "rejected" in seen


async def test_3_half_open_lets_through_only_its_probes() -> None:
    clock = FixedClock()
    breaker = await opened(clock, BreakerPolicy(window_calls=20, minimum_calls=10, probes=2))
    clock.advance(1)
    called = 0

    async def probe() -> None:
        nonlocal called
        called += 1
        await asyncio.sleep(0)
        raise Boom

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(breaker, probe)) for _ in range(100)]
    assert called == 2
    assert [task.result() for task in tasks].count("rejected") == 98


async def test_4_cancellation_is_not_a_failure() -> None:
    breaker = make(FixedClock())
    for _ in range(30):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await breaker.call(asyncio.Event().wait)
    assert breaker.state is State.CLOSED
    assert await outcome(breaker, good) == "ok"


async def test_5_opens_on_slow_successes() -> None:
    clock = FixedClock()
    breaker = make(clock)

    async def slow() -> None:
        clock.advance(0.2)

    for _ in range(10):
        await outcome(breaker, slow)
    assert breaker.state is State.OPEN


async def test_6_each_rejection_is_a_fresh_exception() -> None:
    breaker = await opened(FixedClock())
    lengths: set[int] = set()
    seen: list[CircuitOpen] = []
    for _ in range(50):
        with pytest.raises(CircuitOpen) as caught:
            await breaker.call(good)
        frames, traceback = 0, caught.value.__traceback__
        while traceback:
            frames, traceback = frames + 1, traceback.tb_next
        lengths.add(frames)
        seen.append(caught.value)
    assert len(lengths) == 1
    assert len(set(seen)) == 50


@pytest.mark.parametrize("late_result", [good, bad])
async def test_7_results_of_an_earlier_generation_are_ignored(late_result: Operation) -> None:
    clock = FixedClock()
    breaker = make(clock)
    gate = asyncio.Event()

    async def late() -> None:
        await gate.wait()
        await late_result()

    async with asyncio.TaskGroup() as group:
        group.create_task(outcome(breaker, late))
        await asyncio.sleep(0)
        for _ in range(10):
            await outcome(breaker, bad)
        clock.advance(1)
        assert await outcome(breaker, good) == "ok"
        gate.set()
    assert breaker.state is State.CLOSED
    for _ in range(9):  # the late one is not in the window
        await outcome(breaker, bad)
    assert breaker.state is State.CLOSED


async def test_8_a_cancelled_probe_gives_its_permit_back() -> None:
    clock = FixedClock()
    breaker = await opened(clock)
    clock.advance(1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await breaker.call(asyncio.Event().wait)
    assert await outcome(breaker, good) == "ok"
    assert breaker.state is State.CLOSED


async def test_9_recovers_on_the_injected_clock_and_reports_changes() -> None:
    clock, changes = FixedClock(), list[State]()
    breaker = CircuitBreaker(
        "store", clock=clock.monotonic, on_change=lambda _name, state: changes.append(state)
    )
    for _ in range(10):
        await outcome(breaker, bad)
    clock.advance(0.499)
    assert await outcome(breaker, good) == "rejected"
    clock.advance(0.002)
    assert await outcome(breaker, good) == "ok"
    assert changes == [State.OPEN, State.HALF_OPEN, State.CLOSED]


async def test_old_failures_leave_the_time_window() -> None:
    clock = FixedClock()
    breaker = make(clock)
    for _ in range(9):
        await outcome(breaker, bad)
    clock.advance(11)
    for _ in range(9):
        await outcome(breaker, good)
    await outcome(breaker, bad)
    assert breaker.state is State.CLOSED


async def test_errors_that_do_not_count_do_not_open() -> None:
    breaker = CircuitBreaker("store", counts_as_failure=lambda error: not isinstance(error, Boom))
    assert {await outcome(breaker, bad) for _ in range(50)} == {"failed"}


@pytest.mark.parametrize("seed", range(20))
async def test_probes_stay_bounded_in_random_schedules(seed: int) -> None:
    rng, clock = random.Random(seed), FixedClock()
    policy = BreakerPolicy(window_calls=20, minimum_calls=10, probes=3, probe_successes=3)
    changes = 0

    def changed(_name: str, _state: State) -> None:
        nonlocal changes
        changes += 1

    breaker = CircuitBreaker("store", policy, clock=clock.monotonic, on_change=changed)
    running: Counter[int] = Counter()  # probes per generation
    most = 0

    async def operation() -> None:
        nonlocal most
        generation, half_open = changes, breaker.state is State.HALF_OPEN
        running[generation] += half_open
        most = max(most, running[generation])
        try:
            for _ in range(rng.randrange(4)):
                await asyncio.sleep(0)
            if rng.random() < 0.6:
                raise Boom
        finally:
            running[generation] -= half_open

    async with asyncio.TaskGroup() as group:
        tasks: list[asyncio.Task[str]] = []
        for _ in range(300):
            tasks.append(group.create_task(outcome(breaker, operation)))
            if rng.random() < 0.3:
                await asyncio.sleep(0)
            if rng.random() < 0.1:
                rng.choice(tasks).cancel()
            clock.advance(rng.random() * 0.1)
    assert 1 <= most <= 3
