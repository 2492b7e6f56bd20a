"""The end of Kafka's clients: a broker that hangs must not keep whoever stops one."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

import structlog

STOP: Final = 1.0  # seconds to end by itself
LAST: Final = 0.5  # seconds to end when cancelled

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


async def stopped(stop: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Await a client's ``stop``, cut it when it takes long, and leave what ignores even that.

    It has nothing left to tell: what fails or is cut is logged.
    """
    # Not `timeout`: clients swallow a cancellation while they wait for their own tasks.
    stopping = asyncio.ensure_future(stop())
    try:
        _, late = await asyncio.wait((stopping,), timeout=STOP)
        if late:
            log.warning("kafka.stop_cut")
            stopping.cancel()
            await asyncio.wait((stopping,), timeout=LAST)
    finally:
        stopping.cancel()
        stopping.add_done_callback(_look_at)


def _look_at(stopping: asyncio.Future[None]) -> None:
    error = None if stopping.cancelled() else stopping.exception()
    if error is not None:
        log.warning("kafka.stop_failed", error=type(error).__name__)
