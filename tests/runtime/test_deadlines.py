"""One deadline over everything below it."""

import asyncio

import pytest

from runtime.deadlines import DeadlinePassed, bounded, remaining, within


async def test_no_deadline_outside() -> None:
    assert remaining() is None
    async with bounded(5) as cut:
        assert cut.when() == pytest.approx(asyncio.get_running_loop().time() + 5, abs=0.1)


async def test_a_call_gets_the_smaller_of_its_cap_and_what_is_left() -> None:
    now = asyncio.get_running_loop().time
    with within(1.0):
        async with bounded(0.1) as own:
            assert own.when() == pytest.approx(now() + 0.1, abs=0.05)
        async with bounded(5) as cut:
            assert cut.when() == pytest.approx(now() + 1.0, abs=0.05)


async def test_an_inner_deadline_only_shortens() -> None:
    with within(1.0):
        with within(60.0):
            left = remaining()
            assert left is not None
            assert left <= 1.0
        with within(0.5):
            left = remaining()
            assert left is not None
            assert left <= 0.5
    assert remaining() is None


async def test_what_takes_too_long_is_cut() -> None:
    with within(0.02), pytest.raises(TimeoutError):
        async with bounded(5):
            await asyncio.Event().wait()


async def test_nothing_starts_without_time() -> None:
    with within(0.001):
        assert remaining() is not None
        with pytest.raises(DeadlinePassed):
            bounded(1)


async def test_tasks_started_inside_inherit_it() -> None:
    async def look() -> float | None:
        return remaining()

    with within(1.0):
        async with asyncio.TaskGroup() as group:
            task = group.create_task(look())
    assert task.result() is not None
