"""A time limit for one call that counts what the store takes, not what this process is busy with.

A limit of 30 ms says that a store is slow. In a process that works on sixteen requests a timer is
late by as much, and the answer has lain in the socket for long; to cut the call off then would
take a busy process for a broken store, throw the connection away and do the work again, which
makes it busier. So a limit that is reached lets the loop go round once more, and as often as it
finds that the loop is late, at most for ``MOST_LATE``.
"""

import asyncio
from types import TracebackType
from typing import Final, Self

PROMPT: Final = 0.002  # seconds that a timer may be late in a loop with time to spare
MOST_LATE: Final = 0.1  # seconds beyond the limit


class FairTimeout:
    """Enter it around one call; ``when`` is on the loop's clock.

    ``last`` is the moment that is not passed for any lateness.

    Raises:
        TimeoutError: from the ``async with``, when the time is over.

    """

    def __init__(self, when: float, last: float) -> None:
        self._when = when
        self._last = last
        self._timeout = asyncio.timeout(None)
        self._has_waited = False

    def when(self) -> float:
        """The limit, with what it was put off by so far."""
        return self._when

    async def __aenter__(self) -> Self:
        await self._timeout.__aenter__()
        self._timer = asyncio.get_running_loop().call_at(self._when, self._reached)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        self._timer.cancel()
        return await self._timeout.__aexit__(kind, error, traceback)

    def _reached(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        late = now - self._when
        if now < self._last and (late > PROMPT or not self._has_waited):
            self._has_waited = True
            self._when = min(now + max(late, PROMPT), self._last)
            self._timer = loop.call_at(self._when, self._reached)
        else:
            self._timeout.reschedule(now)
