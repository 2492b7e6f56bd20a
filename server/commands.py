"""What `python -m server` does when it serves, given how its resources are opened."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from uvicorn.loops.auto import auto_loop_factory

from runtime.settings import Settings
from server.app import Resources, create_app
from server.binding import bind
from server.serving import serve

OpenResources = Callable[[Settings], AbstractAsyncContextManager[Resources]]


def run_server(settings: Settings, open_resources: OpenResources) -> None:
    """Serve until a signal asks to stop.

    Raises:
        CannotStart: the port is taken, or a resource cannot be opened.

    """
    bound = bind(settings.http_host, settings.http_port)

    async def run() -> None:
        async with open_resources(settings) as resources:
            app, readiness = create_app(resources), resources.readiness
            readiness.started = True
            await serve(app, bound, readiness, resources.clock, drain=settings.drain)

    with bound, asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(run())
