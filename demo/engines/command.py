"""Short commands of the engines: making a data folder, fetching, compiling."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from demo.failures import QUOTED_LINES, NotReady, StepFailed
from demo.process import Process


async def run(
    name: str, command: tuple[str, ...], environment: Mapping[str, str], log: Path, seconds: float
) -> None:
    """Run a command to its end.

    Raises:
        StepFailed: it ended with another status than 0.
        NotReady: it took longer than `seconds`; it was stopped.

    """
    process = await Process.start(command, environment, log)
    try:
        async with asyncio.timeout(seconds):
            status = await process.wait()
    except TimeoutError:
        raise NotReady(name, seconds, f"see {log}") from None
    finally:
        await process.stop(1)
    if status != 0:
        raise StepFailed(name, status, log, process.last_lines(QUOTED_LINES))
