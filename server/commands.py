"""What `python -m server` does when it serves, given how its resources are opened."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import structlog
from uvicorn.loops.auto import auto_loop_factory

from runtime.clock import SystemClock
from runtime.settings import Settings
from runtime.start import CannotStart
from server.app import Resources, create_app
from server.binding import bind
from server.early_answers import EarlyAnswers
from server.health import Readiness
from server.serving import create_server

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()

OpenResources = Callable[[Settings, Readiness], AbstractAsyncContextManager[Resources]]


def run_server(settings: Settings, open_resources: OpenResources) -> None:
    """Serve until a signal asks to stop.

    Raises:
        CannotStart: the port is taken, or a resource cannot be opened.

    """
    bound = bind(settings.http_host, settings.http_port)
    with bound, asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        refusal = runner.run(_run(settings, open_resources, bound))
    if refusal is not None:
        raise refusal


async def _run(
    settings: Settings, open_resources: OpenResources, bound: socket.socket
) -> CannotStart | None:
    """Answer probes at once and everything when it is opened; why it cannot be, if it cannot."""
    readiness, stopped = Readiness(), asyncio.Event()
    host, port = bound.getsockname()[:2]
    early = EarlyAnswers(readiness)
    server = create_server(early, readiness, SystemClock(), drain=settings.drain)

    async def hold_open() -> CannotStart | None:
        try:
            async with open_resources(settings, readiness) as resources:
                early.hand_over(create_app(resources))
                readiness.started = True
                log.info("server.listening", host=host, port=port)
                await stopped.wait()
        except CannotStart as refusal:
            server.should_exit = True
            return refusal
        log.info("server.stopped")
        return None

    async with asyncio.TaskGroup() as group:
        holding = group.create_task(hold_open())
        await server.serve([bound])
        stopped.set()
        if not readiness.started:
            holding.cancel()  # a signal was quicker than the stores
    return None if holding.cancelled() else holding.result()
