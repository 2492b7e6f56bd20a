"""A busy process is not a slow store; a slow store is one however idle the process."""

import asyncio
import socket
import time
from collections.abc import AsyncGenerator, Callable

import pytest

from runtime.fair_timeout import PROMPT, FairTimeout

CAP = 0.02
LONG = 30.0  # seconds, however busy the machine is


@pytest.fixture
async def wire() -> AsyncGenerator[tuple[asyncio.StreamReader, socket.socket]]:
    """What a store has sent, and the store's end."""
    here, there = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=here)
    yield reader, there
    writer.close()
    await writer.wait_closed()
    there.close()


def keep_busy(seconds: float, until: float, meanwhile: Callable[[], object] = int) -> None:
    """Let every round of the loop take so long, as other requests would, until the moment."""
    loop = asyncio.get_running_loop()

    def work(also: Callable[[], object] = int) -> None:
        also()
        time.sleep(seconds)
        if loop.time() < until:
            loop.call_soon(work)

    loop.call_soon(work, meanwhile)


def limits(lateness: float = LONG) -> tuple[float, float]:
    when = asyncio.get_running_loop().time() + CAP
    return when, when + lateness


async def test_an_answer_that_is_there_is_taken_however_busy_the_loop(
    wire: tuple[asyncio.StreamReader, socket.socket],
) -> None:
    reader, store = wire
    when, last = limits()
    keep_busy(2 * CAP, until=when + 5 * CAP, meanwhile=lambda: store.send(b"answer"))
    async with FairTimeout(when, last):
        assert await reader.read(6) == b"answer"


async def test_the_control_takes_a_busy_loop_for_a_slow_store(
    wire: tuple[asyncio.StreamReader, socket.socket],
) -> None:
    reader, store = wire
    when, _ = limits()
    keep_busy(2 * CAP, until=when + 5 * CAP, meanwhile=lambda: store.send(b"answer"))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout_at(when):
            await reader.read(6)


async def test_a_store_that_says_nothing_is_cut_off_in_time() -> None:
    loop = asyncio.get_running_loop()
    when, last = limits()
    began = loop.time()
    with pytest.raises(TimeoutError):
        async with FairTimeout(when, last):
            await asyncio.Event().wait()
    assert CAP <= loop.time() - began < LONG / 2


async def test_no_lateness_passes_the_last_moment() -> None:
    loop = asyncio.get_running_loop()
    when, last = limits(5 * CAP)
    keep_busy(CAP, until=last + 5 * CAP)
    limit = FairTimeout(when, last)
    with pytest.raises(TimeoutError):
        async with limit:
            await asyncio.Event().wait()
    assert when < limit.when() <= last
    assert loop.time() < last + LONG


async def test_what_fails_or_is_cancelled_inside_goes_on_as_it_is() -> None:
    when, last = limits()
    with pytest.raises(KeyError):
        async with FairTimeout(when, last):
            raise KeyError

    async def wait() -> None:
        async with FairTimeout(when + 60.0, last + 60.0):
            await asyncio.Event().wait()

    task = asyncio.ensure_future(wait())
    await asyncio.wait({task}, timeout=PROMPT)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
