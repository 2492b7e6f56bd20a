"""A loop in memory, with a handler and a writer of dead letters that may fail."""

import asyncio
from collections.abc import Callable, Collection, Sequence

import msgspec
from typing_extensions import override

from consumers.batches import Batch, Place, Received, Refused
from consumers.dead_letters import DeadLetters
from consumers.health import Health
from consumers.loop import Loop
from consumers.pace import Pace
from domain.errors import Unavailable
from domain.events import EngagementUpdated
from domain.topics import ENGAGEMENT_UPDATED
from runtime.metrics import Metrics
from stores.kafka_batches import Outgoing
from stores.kafka_events import RecordTooLarge
from tests.consumers.memory_source import MemorySource
from tests.fakes.clock import FixedClock

PLACE = Place(ENGAGEMENT_UPDATED.name, 3)
POISON = b"no event"


class TickingClock(FixedClock):
    """Every look takes a millisecond, so that nothing waits for ever."""

    @override
    def monotonic(self) -> float:
        self.advance(0.001)
        return super().monotonic()


class Odd(Refused):
    """An event that the handler refuses."""


class MemoryHandler:
    """Keeps what it was given; ``script`` may fail a batch first."""

    def __init__(self, script: Callable[[Batch], None] = lambda _batch: None) -> None:
        self._script = script
        self.batches: list[list[str]] = []

    @property
    def applied(self) -> list[str]:
        return [post_id for batch in self.batches for post_id in batch]

    def check(self, received: Received) -> None:
        if isinstance(received.event, EngagementUpdated) and received.event.delta == 13:
            raise Odd

    async def apply(self, batch: Batch) -> None:
        self._script(batch)
        events = [one.event for one in batch.received]
        self.batches.append([one.post_id for one in events if isinstance(one, EngagementUpdated)])


class MemoryWriter:
    def __init__(self) -> None:
        self.records: list[Outgoing] = []
        self.away = 0
        self.largest = 10_000

    async def send(self, records: Sequence[Outgoing]) -> None:
        if any(
            len(record.value or b"") + len(record.key or b"") > self.largest for record in records
        ):
            raise RecordTooLarge
        if records and self.away:
            self.away -= 1
            raise Unavailable("kafka")
        self.records += records


def value(post_id: str, delta: int = 1) -> bytes:
    event = {"postId": post_id, "type": "LIKE", "delta": delta, "timestamp": 1_000}
    return msgspec.json.encode(event)


def values(count: int) -> list[bytes | None]:
    return [value(f"p{number}") for number in range(count)]


class Rig:
    def __init__(
        self,
        source: MemorySource,
        handler: MemoryHandler,
        allowed: int = 0,
        buries: Collection[str] | None = None,
        pace: Pace | None = None,
        clock: FixedClock | None = None,
    ) -> None:
        self.writer = MemoryWriter()
        self.clock = clock or TickingClock()
        self.metrics = Metrics.create()
        self.health = Health("test", self.clock, self.metrics)
        letters = DeadLetters(self.writer, "test", self.metrics, allowed=allowed, buries=buries)
        self.loop = Loop(source, handler, letters, self.health, self.clock, pace)
        self.source = source

    async def run(self, until: Callable[[], bool] | None = None) -> None:
        """Until all is committed, or something else holds."""
        stopping = asyncio.Event()
        done = until or (lambda: self.source.is_done)

        async def watch() -> None:
            while not done():  # noqa: ASYNC110, any condition, no clock
                await asyncio.sleep(0)
            stopping.set()

        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            group.create_task(self.loop.run(stopping))
            group.create_task(watch())
