"""Stopping clients of Kafka, which may hang, refuse to be cancelled or fail."""

import asyncio

import pytest

from stores.kafka_stops import bounded


class Stubborn:
    """Waits for a task of its own for ever, as often as it is told to end."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals
        self.ended = False

    async def stop(self) -> None:
        while not self.ended:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.refusals -= 1
                self.ended = self.refusals < 0


@pytest.mark.parametrize("refusals", [0, 1])
async def test_a_client_that_hangs_is_cut(refusals: int) -> None:
    client = Stubborn(refusals)
    async with asyncio.timeout(5):
        await bounded(client.stop)
        await asyncio.sleep(0)
    assert client.ended


async def test_a_client_that_cannot_end_holds_nobody_up() -> None:
    client = Stubborn(2)
    async with asyncio.timeout(5):
        await bounded(client.stop)
        await asyncio.sleep(0)
    assert not client.ended
    (left,) = asyncio.all_tasks() - {asyncio.current_task()}
    left.cancel()  # let it go
    await asyncio.wait((left,))


async def test_what_fails_to_end_has_ended() -> None:
    async def fail() -> None:
        raise OSError

    await bounded(fail)


async def test_who_is_cancelled_meanwhile_leaves_nothing_behind() -> None:
    client = Stubborn(0)
    stopping = asyncio.ensure_future(bounded(client.stop))
    await asyncio.sleep(0)
    stopping.cancel()
    await asyncio.wait((stopping,))
    await asyncio.sleep(0)
    assert stopping.cancelled()
    assert client.ended
