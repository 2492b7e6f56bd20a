"""How many partitions topics have, told to Redis again should it have lost that.

Without it nobody finds a counter, and all counts are 0.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from domain.errors import Unavailable
from stores.redis_log import RedisLog

EVERY: Final = 2.0  # seconds


async def keep_noted(
    log: RedisLog, counts: Mapping[str, int], stopping: asyncio.Event, *, seconds: float = EVERY
) -> None:
    """Until ``stopping``; the counts are those of the start of the process."""
    while not stopping.is_set():
        try:
            async with asyncio.timeout(seconds):
                await stopping.wait()
        except TimeoutError:
            with suppress(Unavailable):  # whoever needs it says so; we come again
                await log.note_missing(counts)
