"""An engine of one test, which may be killed."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from demo.engines.engine import Engine
from demo.probes import until
from demo.process import Process


@asynccontextmanager
async def running(engine: Engine, port: int) -> AsyncGenerator[Process, None]:
    """The engine's process once it is ready; stopped at the end, if it still runs."""
    child = engine.child(port)
    await child.before()
    process = await Process.start(child.command, child.environment, child.log, child.stop_signal)
    try:
        async with asyncio.timeout(child.ready_seconds):
            await until(child.ready)
        yield process
    finally:
        await process.stop(10)
