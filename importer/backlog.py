"""Keeping pace with the consumers: waiting for room meanwhile, and for all of it at the end."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from domain.errors import Unavailable
from runtime.clock import Clock

MOST: Final = 60_000  # records that may wait in Kafka for the slowest consumer
LOOK_EVERY: Final = 2.0  # seconds
STANDSTILL: Final = 60.0  # seconds without any progress until waiting ends
Look = Callable[[], Awaitable[Mapping[str, int]]]


class ConsumersStandStill(Exception):
    """Consumers have work left and none of it got done for a while."""

    def __init__(self, backlog: Mapping[str, int]) -> None:
        waiting = ", ".join(f"{group} {count:,}" for group, count in backlog.items() if count)
        super().__init__(f"no consumer moved for {STANDSTILL:.0f} s; records waiting: {waiting}")


class Backlog:
    """What `look` sees, looked at now and then; an unreachable Kafka counts as a standstill."""

    def __init__(self, look: Look, clock: Clock, say: Callable[[str], None]) -> None:
        self._look = look
        self._clock = clock
        self._say = say
        self._looked = float("-inf")

    async def room(self) -> None:
        """Return when no consumer is more than `MOST` records behind.

        Raises:
            ConsumersStandStill: they do not come nearer.

        """
        if self._clock.monotonic() - self._looked >= LOOK_EVERY:
            await self._until(MOST, aloud=False)

    async def all_done(self) -> None:
        """Return when nothing waits any more.

        Raises:
            ConsumersStandStill: they do not get there.

        """
        await self._until(0, aloud=True)

    async def _until(self, most: int, *, aloud: bool) -> None:
        moved = said = self._clock.monotonic()
        last: Mapping[str, int] | None = None
        while True:
            backlog = await self._seen()
            now = self._looked = self._clock.monotonic()
            if backlog is not None and max(backlog.values(), default=0) <= most:
                return
            if backlog is not None and backlog != last:
                moved, last = now, backlog
            if now - moved > STANDSTILL:
                raise ConsumersStandStill(last or {})
            if aloud and last and now - said >= LOOK_EVERY:
                said = now
                self._say(f"consumers are working on {sum(last.values()):,} more records")
            # A look costs the broker some work, and only the end is waited for by somebody.
            await asyncio.sleep(LOOK_EVERY / 4 if aloud else LOOK_EVERY)

    async def _seen(self) -> Mapping[str, int] | None:
        try:
            return await self._look()
        except Unavailable:
            return None
