"""Memory of one ``engagement`` process while it drains a backlog of 200,000 events.

The control reads the same log into a list, as whoever keeps a backlog in memory does.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from typing_extensions import override

from benchmarks._engines import engines
from benchmarks.engagement import add_posts, backlog, drain, engagement, opened, write
from consumers.batches import Batch, Handler, Received

EVENTS: Final = 200_000
STEP: Final = 10_000
POSTS: Final = 10_000
KNOWN: Final = 2_000
MEGABYTES: Final = 1_024.0
GOAL: Final = 200.0
EVERY: Final = 0.05  # seconds between two looks


class Hoarder(Handler):
    """Keeps all it gets."""

    def __init__(self) -> None:
        self._kept: list[Received] = []

    @override
    def check(self, received: Received) -> None:
        """Anything goes."""

    @override
    async def apply(self, batch: Batch) -> None:
        self._kept += batch.received


class Peak:
    """The most memory that this process held, in MB, beyond what it held at first."""

    def __init__(self) -> None:
        self._before = resident()
        self.growth = 0.0

    async def watch(self) -> None:
        while True:
            self.growth = max(self.growth, resident() - self._before)
            await asyncio.sleep(EVERY)


def resident() -> float:
    """MB of this process in memory."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / MEGABYTES
    raise SystemExit("/proc/self/status does not tell VmRSS: this benchmark needs Linux")


async def run(settings: Mapping[str, str]) -> None:
    resources = await opened(settings)
    await add_posts(resources.posts, KNOWN)
    for step in range(EVENTS // STEP):
        await write(resources, backlog(POSTS, STEP, step))
    handler = engagement(resources)
    for name, reader, fences in (
        ("engagement", handler, handler),
        ("all in memory", Hoarder(), None),
    ):
        peak = Peak()
        watching = asyncio.create_task(peak.watch())
        rate, _ = await drain(resources, reader, fences, EVENTS)
        watching.cancel()
        print(f"{name:14} {rate:8,.0f} events/s, memory grew by {peak.growth:5.0f} MB")
        if reader is handler:
            print(f"goal: at most {GOAL:.0f} MB")
    await resources.close()


def main() -> None:
    with engines() as settings:
        asyncio.run(run(settings))
