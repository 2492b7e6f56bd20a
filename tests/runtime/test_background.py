"""Work behind the caller's back: bounded, its failures told, none left after `close`."""

import asyncio

import pytest
from structlog.testing import capture_logs

from runtime.background import Background, TooMuchInBackground


async def test_work_runs_behind_the_caller() -> None:
    done = asyncio.Event()

    async def work() -> None:
        done.set()

    background = Background()
    background.start("work", work())
    assert len(background) == 1
    await background.drain(1.0)
    assert done.is_set()
    assert len(background) == 0


async def test_a_failure_is_logged_and_counted() -> None:
    failed: list[str] = []

    async def broken() -> None:
        raise ValueError

    background = Background(on_failure=failed.append)
    with capture_logs() as lines:
        background.start("broken", broken())
        await background.drain(1.0)
    assert failed == ["broken"]
    assert [(line["event"], line["task"]) for line in lines] == [("background.failed", "broken")]


async def test_the_number_of_tasks_is_bounded() -> None:
    background = Background(limit=1)
    background.start("first", asyncio.Event().wait())
    second = asyncio.Event().wait()
    with pytest.raises(TooMuchInBackground):
        background.start("second", second)
    await background.close()
    assert len(background) == 0


async def test_rounds_go_on_after_a_failed_one() -> None:
    rounds = 0
    enough = asyncio.Event()

    async def work() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 3:
            enough.set()
        raise ValueError

    background = Background()
    with capture_logs():
        background.repeat("work", 0.001, work)
        async with asyncio.timeout(5):
            await enough.wait()
        await background.close()
    assert rounds >= 3


async def test_nothing_starts_after_close() -> None:
    background = Background()
    await background.close()
    with pytest.raises(TooMuchInBackground):
        background.start("late", asyncio.Event().wait())


async def test_close_does_not_wait_for_ever() -> None:
    release = asyncio.Event()

    async def stubborn() -> None:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    background = Background()
    background.start("stubborn", stubborn())
    await asyncio.sleep(0)
    with capture_logs() as lines:
        await background.close(seconds=0.01)
    assert [line["event"] for line in lines] == ["background.left_behind"]
    release.set()
    await background.drain(1.0)
