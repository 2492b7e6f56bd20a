"""Publishes a stream of events batch by batch, remembers how far it came, and paces itself."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final, TypeVar

from domain.errors import Unavailable
from domain.events import Event
from domain.ports.event_publisher import EventPublisher
from runtime.clock import Clock

BATCH: Final = 2_000  # events
FIRST_PAUSE: Final = 0.2  # seconds before a refused call is tried again; doubles
LONGEST_PAUSE: Final = 5.0
PATIENCE: Final = 120.0  # seconds of refusals in a row until the import gives up
T = TypeVar("T")


class Delivery:
    """One stream on its way.

    `on_batch(facts, events)` follows each acknowledged batch; `room()` waits until consumers have
    room for more.
    """

    def __init__(
        self,
        publisher: EventPublisher,
        clock: Clock,
        *,
        rate: float | None,
        room: Callable[[], Awaitable[None]],
        on_batch: Callable[[int, int], Awaitable[None]],
    ) -> None:
        self._publisher = publisher
        self._clock = clock
        self._rate = rate
        self._room = room
        self._on_batch = on_batch
        self._size = BATCH if rate is None else max(1, min(BATCH, round(rate)))

    async def deliver(self, told: Iterable[Sequence[Event]]) -> None:
        """Publish the events of each fact; a fact's events are never parted by a stop.

        Raises:
            Unavailable: Kafka or Redis refused for `PATIENCE` seconds.

        """
        began = self._clock.monotonic()
        sent = 0
        facts = 0
        batch: list[Event] = []
        for events in told:
            facts += 1
            batch += events
            if len(batch) >= self._size:
                sent += len(batch)
                await self._send(facts, batch)
                await self._pace(began, sent)
                facts, batch = 0, []
        if facts:
            await self._send(facts, batch)

    async def _send(self, facts: int, batch: list[Event]) -> None:
        await patiently(lambda: self._publisher.publish(batch), self._clock)
        await patiently(lambda: self._on_batch(facts, len(batch)), self._clock)
        await self._room()

    async def _pace(self, began: float, sent: int) -> None:
        if self._rate is not None:
            ahead = sent / self._rate - (self._clock.monotonic() - began)
            await asyncio.sleep(max(0.0, ahead))


async def patiently(call: Callable[[], Awaitable[T]], clock: Clock) -> T:
    """Repeat a call while its engine is away, with growing pauses.

    Raises:
        Unavailable: it was away for `PATIENCE` seconds.

    """
    began = clock.monotonic()
    pause = FIRST_PAUSE
    while True:
        try:
            return await call()
        except Unavailable:
            if clock.monotonic() - began > PATIENCE:
                raise
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
