"""The loop of every consumer: poll, read, write dead letters, apply, commit.

Dead letters are acknowledged before the batch is applied, for a fence moves past them, too. While
a store is away the partitions are paused, polling goes on and the same batch is tried again, ever
more slowly. While a store is slow they are paused after each batch, ever longer. An error of our
own does not stop the log: the batch is read again record by record, and the record that fails
three times becomes a dead letter.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final, Protocol

import structlog

from consumers.batches import Batch, FenceMoved, Handler, Place, Reason, Record
from consumers.dead_letter_limit import Fate, TooManyDeadLetters
from consumers.dead_letters import DeadLetter, DeadLetters
from consumers.health import Health
from consumers.pace import Pace
from consumers.reading import read
from domain.errors import Unavailable
from runtime.clock import Clock
from runtime.tracing import span
from stores.event_codec import EventCodec

LINGER: Final = 0.05  # seconds after a batch's first record
WAIT: Final = 0.2  # seconds for a first record; also how soon the loop notices that it shall stop
SHORTEST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 5.0
REFRESH: Final = 1.0
ATTEMPTS: Final = 3
REMEDY: Final = "mend the producer or the code, or start it with --allow-dead-letters N"

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class Source(Protocol):
    """Where records come from; see ``consumers.kafka``."""

    @property
    def openings(self) -> int: ...
    async def poll(self, seconds: float, limit: int) -> list[Record]: ...
    async def idle(self, seconds: float) -> None: ...
    def handling(self) -> AbstractAsyncContextManager[None]: ...
    async def commit(self) -> None: ...
    def rewind(self, places: Collection[Place]) -> None: ...
    async def refresh(self) -> None: ...
    def behind(self) -> Mapping[Place, int]: ...


@dataclass(slots=True)
class Held:
    """Records that were handed out and are not done; ``batch`` once their dead are written.

    They mean nothing any more when the source's ``openings`` are others: then partitions were
    taken over or read again, and the records come again.
    """

    records: list[Record]
    openings: int
    batch: Batch | None = None

    @property
    def places(self) -> set[Place]:
        return {record.place for record in self.records}


class Loop:
    """Runs one handler over one source until told to stop."""

    def __init__(
        self,
        source: Source,
        handler: Handler,
        dead_letters: DeadLetters,
        health: Health,
        clock: Clock,
        pace: Pace | None = None,
    ) -> None:
        self._pace = pace or Pace()
        self._source = source
        self._handler = handler
        self._dead_letters = dead_letters
        self._health = health
        self._clock = clock
        self._codec = EventCodec()
        self._held: Held | None = None
        self._one_by_one = 0  # batches of a single record still to come
        self._failures: dict[tuple[Place, int], int] = {}  # by sequence
        self._pause = SHORTEST_PAUSE
        self._refreshed = float("-inf")

    async def run(self, stopping: asyncio.Event) -> None:
        """Until ``stopping``; a batch that is not done then is delivered again."""
        while not stopping.is_set():
            try:
                if await self._round():
                    self._pause = SHORTEST_PAUSE
                    await self._rest(stopping)
            except Unavailable as error:
                log.warning("consumer.waiting", cause=str(error), seconds=self._pause)
                self._health.paused("away")
                await self._stand_by(self._pause, stopping)
                self._pause = min(2 * self._pause, LONGEST_PAUSE)
            except TooManyDeadLetters as error:
                log.error("consumer.halted", cause=str(error), remedy=REMEDY)  # noqa: TRY400 - a fact, no failure
                self._health.halted()
                while not stopping.is_set():
                    await self._stand_by(WAIT, stopping)

    async def _round(self) -> bool:
        """Whether there was a batch, and the stores were there for it."""
        await self._refresh()
        self._health.alive()
        self._held = self._held or await self._collect()
        if self._held is None:
            return False
        async with self._source.handling():
            if self._held.openings != self._source.openings:
                self._source.rewind(self._held.places)
                self._held = None
                return False
            batch = self._held.batch = self._held.batch or await self._bury(self._held.records)
            if await self._applied(batch, self._held):
                await self._source.commit()
                self._dead_letters.done(batch.through)
                self._health.did(self._held.records)
        self._held = None
        return True

    async def _rest(self, stopping: asyncio.Event) -> None:
        if rest := self._pace.rest():
            self._health.paused("slow")
            await self._stand_by(rest, stopping)

    async def _refresh(self) -> None:
        if self._clock.monotonic() - self._refreshed >= REFRESH:
            await self._source.refresh()
            self._health.lags(self._source.behind(), self._clock.now())
            self._refreshed = self._clock.monotonic()

    async def _collect(self) -> Held | None:
        """A batch bounded by count and time: a slow trickle does not wait."""
        limit = 1 if self._one_by_one else self._pace.most
        records = await self._source.poll(WAIT, limit)
        if not records:
            return None
        held = self._held = Held(records, self._source.openings)
        self._one_by_one = max(0, self._one_by_one - 1)
        deadline = self._clock.monotonic() + LINGER
        while len(records) < limit and (left := deadline - self._clock.monotonic()) > 0:
            records += await self._source.poll(left, limit - len(records))
        self._health.took(records)
        return held

    async def _bury(self, records: Sequence[Record]) -> Batch:
        consumer = self._health.consumer
        batch, dead = read(records, self._codec, self._handler, self._clock.now(), consumer)
        buried = {(letter.record.place, letter.record.offset) for letter in dead}
        fates = [
            Fate(one.place, one.sequence, (one.place, one.offset) in buried) for one in records
        ]
        self._dead_letters.limit.count(fates, self._clock.monotonic())
        await self._dead_letters.write(dead)
        return batch

    async def _applied(self, batch: Batch, held: Held) -> bool:
        """Whether the batch is done; if not, its partitions are read again."""
        try:
            with span("consumer.batch"), self._health.working(batch):
                await self._handler.apply(batch)
        except Unavailable:
            raise
        except FenceMoved as moved:
            log.warning("fence.moved", partitions=len(moved.places))
            # The whole batch: what it has of other partitions may not be applied either, and
            # their fences would pass over it.
            self._source.rewind(held.places)
            return False
        except Exception as error:
            log.exception("batch.failed", records=len(held.records))
            return await self._given_up(batch, held, error)
        self._dead_letters.limit.applied({one.place: one.sequence for one in batch.received})
        return True

    async def _given_up(self, batch: Batch, held: Held, error: Exception) -> bool:
        """Find the record that fails, by trying them alone; give it up in the end."""
        record = held.records[0]
        key = (record.place, record.sequence)
        if len(held.records) == 1 and batch.received:
            failures = self._failures[key] = self._failures.get(key, 0) + 1
            if failures >= ATTEMPTS:
                if failures == ATTEMPTS:
                    self._dead_letters.limit.give_up(*key, self._clock.monotonic())
                letter = DeadLetter(record, Reason.REJECTED, type(error).__name__, ATTEMPTS)
                await self._dead_letters.write([letter])
                del self._failures[key]
                # Without the record, so that fences move past it.
                held.batch = Batch((), batch.through)
                return await self._applied(held.batch, held)
        elif len(held.records) == 1:
            return True  # not even without it: then the fence stays where it is
        self._one_by_one = max(len(held.records), self._one_by_one)
        self._source.rewind(held.places)
        return False

    async def _stand_by(self, seconds: float, stopping: asyncio.Event) -> None:
        """Keep the membership alive without taking records."""
        deadline = self._clock.monotonic() + seconds
        while not stopping.is_set() and (left := deadline - self._clock.monotonic()) > 0:
            self._health.alive()
            self._health.lags(self._source.behind(), self._clock.now())
            await self._source.idle(min(left, WAIT))
