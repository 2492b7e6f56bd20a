"""A log in memory for tests of handlers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from consumers.batches import Batch, FenceMoved, Place, Received
from consumers.positions import Bounds, behind_fence
from domain.events import Event, seconds
from domain.fences import sequence

NOON = 1_790_000_000.0


@dataclass(frozen=True, slots=True)
class Log:
    """One partition of a topic."""

    topic: str
    events: Sequence[Event]
    partition: int = 0
    epoch: int = 0

    @property
    def place(self) -> Place:
        return Place(self.topic, self.partition)

    def batch(self, first: int = 0, size: int | None = None) -> Batch:
        """The records from an offset on."""
        end = len(self.events) if size is None else min(first + size, len(self.events))
        received = [
            Received(self.place, sequence(self.epoch, offset), at(event), event)
            for offset, event in enumerate(self.events[first:end], first)
        ]
        return Batch(received, {self.place: received[-1].sequence} if received else {})


class FencedHandler(Protocol):
    async def open(self, partitions: Sequence[int]) -> Mapping[int, int]: ...
    async def apply(self, batch: Batch) -> None: ...


def at(event: Event) -> float:
    stated = getattr(event, "timestamp", None)
    return NOON if stated is None else seconds(stated)


def batch_of(topic: str, *events: Event) -> Batch:
    return Log(topic, events).batch()


async def consume(handler: FencedHandler, log: Log, size: int, *, least_epoch: int = 0) -> None:
    """One life of a fenced consumer: from its fence to the log's end."""
    while True:
        fences = await handler.open([log.partition])
        bounds = Bounds(least_epoch, 0, len(log.events))
        start = behind_fence(fences[log.partition], bounds)
        renewed = Log(log.topic, log.events, log.partition, start.epoch)
        try:
            for first in range(start.offset, len(log.events), size):
                await handler.apply(renewed.batch(first, size))
        except FenceMoved:
            continue
        return
