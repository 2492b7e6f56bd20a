"""A process of consumers: what must be there at its start, and how it ends."""

import asyncio
import signal
from collections.abc import Mapping, Sequence
from typing import Final

import structlog

from consumers.asked_stores import asked_stores
from consumers.health import Health
from consumers.noting import keep_noted
from consumers.probes import Probes
from consumers.registry import Consumer, check_built
from consumers.resources import Resources
from consumers.running import Options, Running
from consumers.starting import known_partitions
from runtime.clock import SystemClock
from runtime.metrics import Metrics
from runtime.settings import Settings
from stores.redis_log import RedisLog

DRAIN: Final = 8.0  # seconds between the signal to stop and the end

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


async def run_consumers(
    settings: Settings, consumers: Sequence[Consumer], options: Options, *, port: int | None
) -> None:
    """Run them until SIGTERM or SIGINT, then let them end what they have in hand.

    Raises:
        CannotStart: a topic is missing, an engine does not answer, the database is not migrated,
            the port is taken.

    """
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    resources = await Resources.open(settings, SystemClock(), Metrics.create())
    try:
        counts = await known_partitions(resources, stopping)
        if counts:
            await _run(resources, consumers, counts, stopping, options, port=port)
    finally:
        await resources.close()


async def _run(
    resources: Resources,
    consumers: Sequence[Consumer],
    counts: Mapping[str, int],
    stopping: asyncio.Event,
    options: Options,
    *,
    port: int | None,
) -> None:
    running: list[Running] = []
    healths: list[Health] = []
    async with asked_stores(resources.settings) as speeds:
        for consumer in consumers:
            built = consumer.build(resources)
            check_built(consumer, built)
            health = Health(consumer.name, resources.clock, resources.metrics, built.works)
            healths.append(health)
            running.append(Running(consumer, built, resources, health, options, speeds))
        probes = Probes(healths, resources.metrics)
        await probes.start(port)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one.run(counts, stopping)) for one in running]
                tasks.append(group.create_task(speeds.watch(stopping)))
                noting = keep_noted(RedisLog(resources.redis), counts, stopping)
                tasks.append(group.create_task(noting))
                await stopping.wait()
                log.info("consumers.draining")
                _, late = await asyncio.wait(tasks, timeout=DRAIN)
                for task in late:
                    task.cancel()
                if late:
                    log.error("consumers.left_behind", count=len(late))
        finally:
            await probes.stop()
