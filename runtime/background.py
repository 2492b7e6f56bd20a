"""Work that outlives the call which starts it: referenced, bounded, logged when it fails."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

JITTER = 0.1  # of an interval, so that processes started together do not stay in step

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class TooMuchInBackground(Exception):
    """The bound on concurrent background tasks is reached; this one was not started."""


class Background:
    """At most `limit` tasks at a time; one instance per process, closed by whoever made it."""

    def __init__(
        self, limit: int = 1_000, on_failure: Callable[[str], None] = lambda _name: None
    ) -> None:
        self._limit = limit
        self._on_failure = on_failure
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, name: str, work: Coroutine[Any, Any, object]) -> None:
        """Run once, behind whatever the caller does next.

        Raises:
            TooMuchInBackground: at the limit or after `close`; the coroutine is closed unrun.

        """
        if self._closed or len(self._tasks) >= self._limit:
            work.close()
            raise TooMuchInBackground(name)
        task = asyncio.create_task(self._guarded(name, work), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _task: work.close())  # cancelled before it began

    def repeat(self, name: str, seconds: float, work: Callable[[], Awaitable[object]]) -> None:
        """Run every `seconds` (with jitter) until `close`; a failed round does not end it."""
        self.start(name, self._rounds(name, seconds, work))

    async def close(self, seconds: float = 5.0) -> None:
        """Cancel what still runs and wait for it under one deadline; nothing starts afterwards."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                log.error("background.left_behind", task=task.get_name())

    async def drain(self, seconds: float) -> None:
        """Wait, without cancelling, for what runs now; for one-off work, not for `repeat`."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)

    async def _guarded(self, name: str, work: Awaitable[object]) -> None:
        try:
            await work
        except Exception:
            log.exception("background.failed", task=name)
            self._on_failure(name)

    async def _rounds(
        self, name: str, seconds: float, work: Callable[[], Awaitable[object]]
    ) -> None:
        while True:
            await asyncio.sleep(seconds * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311 - spreads load, guards nothing
            await self._guarded(name, work())
