"""Runs one consumer of a process until it is told to stop."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog

from consumers.batches import Handler
from consumers.dead_letters import DeadLetters
from consumers.health import Health
from consumers.kafka import KafkaRecords
from consumers.loop import Loop
from consumers.marks import RedisMarks
from consumers.membership import Subscription
from consumers.pace import Pace
from consumers.periodic import Periodic
from consumers.registry import Built, Consumer
from consumers.resources import Resources
from consumers.store_speeds import StoreSpeeds
from domain.errors import Unavailable
from runtime.background import Background
from stores.redis_log import RedisLog

WATCH: Final = 2.0
RETRY: Final = 1.0  # seconds before another try to reach Kafka

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Options:
    """``member`` tells this process from others of a consumer's group.

    So many dead letters do not count towards the limits of a consumer.
    """

    member: str
    dead_letters_allowed: int = 0


class Running:
    def __init__(
        self,
        consumer: Consumer,
        built: Built,
        resources: Resources,
        health: Health,
        options: Options,
        speeds: StoreSpeeds,
    ) -> None:
        self._consumer = consumer
        self._built = built
        self._resources = resources
        self._health = health
        self._options = options
        self._speeds = speeds

    async def run(self, counts: Mapping[str, int], stopping: asyncio.Event) -> None:
        """Until ``stopping``; ``counts`` are the partitions of each topic."""
        structlog.contextvars.bind_contextvars(consumer=self._consumer.name)
        background = Background(on_failure=self._note_failure)
        background.repeat("health.watch", WATCH, self._health.watch)
        for periodic in self._built.periodic:
            background.start(periodic.name, _patiently(periodic)())
            background.repeat(periodic.name, periodic.seconds, _patiently(periodic))
        log.info("consumer.started")
        try:
            if self._built.handler is None:
                await self._keep_time(stopping)
            else:
                await self._read(self._built.handler, counts, stopping)
        finally:
            await background.close()
        if self._built.finish is not None:
            await _patiently(self._built.finish)()
        log.info("consumer.stopped")

    async def _keep_time(self, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            self._health.alive()
            try:
                async with asyncio.timeout(WATCH):
                    await stopping.wait()
            except TimeoutError:
                continue

    async def _read(
        self, handler: Handler, counts: Mapping[str, int], stopping: asyncio.Event
    ) -> None:
        resources = self._resources
        source = self._source(counts)
        await _started(source, stopping)
        loop = Loop(
            source,
            handler,
            DeadLetters(
                resources.writer,
                self._consumer.name,
                resources.metrics,
                allowed=self._options.dead_letters_allowed,
                buries=frozenset(topic.name for topic in self._consumer.buries),
            ),
            self._health,
            resources.clock,
            Pace(self._built.most, lambda: self._speeds.any_slow(self._built.stores)),
        )
        try:
            await loop.run(stopping)
        finally:
            await source.stop()

    def _source(self, counts: Mapping[str, int]) -> KafkaRecords:
        settings = self._resources.settings
        subscription = Subscription(
            group=self._consumer.group,
            member=f"{self._consumer.name}-{self._options.member}",
            partitions={topic.name: counts[topic.name] for topic in self._consumer.topics},
            membership=settings.consumer_membership,
        )
        marks = RedisMarks(RedisLog(self._resources.redis))
        return KafkaRecords(settings.kafka_bootstrap, subscription, marks, self._built.fences)

    def _note_failure(self, task: str) -> None:
        self._resources.metrics.background_failures.labels(task=task).inc()


async def _started(source: KafkaRecords, stopping: asyncio.Event) -> None:
    """Kafka may be away for a while: it was there when the process started."""
    while not stopping.is_set():
        try:
            await source.start()
        except Unavailable as error:
            log.warning("consumer.waiting", cause=str(error), seconds=RETRY)
            await asyncio.sleep(RETRY)
        else:
            return


def _patiently(periodic: Periodic) -> Callable[[], Coroutine[Any, Any, None]]:
    """An outage is no failure of the work; it comes again."""

    async def work() -> None:
        try:
            await periodic.work()
        except Unavailable as error:
            log.warning("periodic.postponed", task=periodic.name, cause=str(error))

    return work
