"""How long a request waits for something it can do without."""

import asyncio
from collections.abc import Iterable

from runtime.deadlines import remaining

MOST_OF_THE_REST = 0.5  # of the request's time: the other half is for the answer


async def wait_patiently(flights: Iterable[asyncio.Future[None]], seconds: float) -> None:
    """Wait for all of these, for at most ``seconds`` and half of the time that is left."""
    left = remaining()
    limit = seconds if left is None else min(seconds, left * MOST_OF_THE_REST)
    waiting = set(flights)
    if waiting and limit > 0.0:
        await asyncio.wait(waiting, timeout=limit)
