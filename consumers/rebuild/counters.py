"""Counters from their checkpoints and the log behind them, beside the live ones; then a switch.

The log is folded by the same handler that keeps the live counters, up to where those are: what
comes out is the same to the last byte. It writes no lists and tells nothing again. The switch is
one command for each partition; where the live one went on meanwhile, its owner finds its fence
moved back by a moment, and applies that moment again, as after any crash.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from typing_extensions import override

from consumers.batches import Handler, Place, Record
from consumers.positions import next_offset
from consumers.reading import read
from consumers.rebuild.shown import Shown
from domain.events import Event
from domain.fences import NOTHING_APPLIED, from_sequence
from domain.ports.checkpoints import Checkpoints, CheckpointSource
from domain.ports.counters import Counters
from domain.ports.event_publisher import EventPublisher
from domain.ports.pools import PoolWrite, PoolWriter
from domain.topics import ENGAGEMENT_UPDATED
from runtime.clock import Clock
from runtime.start import CannotStart
from stores.event_codec import EventCodec

CONSUMER: Final = "engagement"  # what was put back for others is none of ours
ROUNDS: Final = 5  # of catching up with counters that go on
BATCH: Final = 1_000
WAIT: Final = 0.2  # seconds for a first record
STALLED: Final = 30.0  # seconds without a record that is needed


class Records(Protocol):
    """The log, each partition from behind the prepared fence."""

    async def poll(self, seconds: float, limit: int) -> list[Record]: ...
    def rewind(self, places: Sequence[Place]) -> None: ...


class Reach(Protocol):
    """A log's first offset, and the one that its next record will have."""

    @property
    def first(self) -> int: ...
    @property
    def end(self) -> int: ...


class LogReach(Protocol):
    async def bounds(self, topic: str, reached: Mapping[int, int]) -> Mapping[int, Reach]:
        """By partition; ``reached`` are offsets that somebody has read up to."""
        ...


class NoLists(PoolWriter):
    """The lists are kept by the owner of the live counters."""

    @override
    async def write(self, writes: Sequence[PoolWrite]) -> None:
        """Nothing."""

    @override
    async def replace(self, name: str, members: Mapping[str, float]) -> None:
        """Nothing."""

    @override
    async def trim(self, name: str, keep: int) -> None:
        """Nothing."""

    @override
    async def announce(self, *, posts: Sequence[str] = (), creators: Sequence[str] = ()) -> None:
        """Nothing."""


class NothingToldAgain(EventPublisher):
    """It was told when the live counters counted it."""

    @override
    async def publish(self, events: Sequence[Event]) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterGenerations:
    """``prepared`` stands beside ``live`` until ``source`` switches them."""

    live: Counters
    prepared: Counters
    checkpoints: Checkpoints
    source: CheckpointSource


class CounterRebuild:
    """``handler`` counts into the prepared generation, and ``records`` start behind its fences."""

    def __init__(
        self,
        generations: CounterGenerations,
        handler: Handler,
        records: Records,
        reach: LogReach,
        clock: Clock,
        shown: Shown,
    ) -> None:
        self._generations = generations
        self._handler = handler
        self._records = records
        self._reach = reach
        self._clock = clock
        self._shown = shown
        self._codec = EventCodec()

    async def run(self, partitions: Sequence[int]) -> None:
        """Safe to repeat, whenever it ends: until the switch nobody sees what it does.

        Raises:
            CannotStart: the log does not reach back to a checkpoint.

        """
        await self._prepare(partitions)
        live = await self._fences(self._generations.live, partitions)
        held = [partition for partition in partitions if live[partition] != NOTHING_APPLIED]
        if held:
            await self._check_reach(held, live)
            for _ in range(ROUNDS):
                await self._catch_up({partition: live[partition] for partition in held})
                before, live = live, await self._fences(self._generations.live, partitions)
                if before == live:
                    break
        for partition in partitions:
            await self._generations.source.switch(partition)

    async def _prepare(self, partitions: Sequence[int]) -> None:
        self._shown.begin("checkpoints", len(partitions))
        for partition in partitions:
            pieces = self._generations.checkpoints.read(partition)
            await self._generations.source.prepare(partition, pieces)
            self._shown.advance()
        self._shown.end()

    async def _check_reach(self, held: Sequence[int], live: Mapping[int, int]) -> None:
        prepared = await self._fences(self._generations.prepared, held)
        reached = {partition: next_offset(live[partition]) for partition in held}
        bounds = await self._reach.bounds(ENGAGEMENT_UPDATED.name, reached)
        for partition in held:
            if not _reaches(prepared[partition], live[partition], bounds[partition]):
                raise CannotStart(
                    f"partition {partition} cannot be counted again: the log behind its "
                    "checkpoint is gone",
                    "let the engagement consumer run for half a minute, then try again",
                )

    async def _catch_up(self, targets: Mapping[int, int]) -> None:
        prepared = await self._fences(self._generations.prepared, list(targets))
        waiting = {one: end for one, end in targets.items() if prepared[one] < end}
        if not waiting:
            return
        topic = ENGAGEMENT_UPDATED.name
        self._shown.begin("log", sum(end - prepared[one] for one, end in waiting.items()))
        self._records.rewind([Place(topic, partition) for partition in waiting])
        latest = self._clock.monotonic()
        while waiting:
            found = await self._records.poll(WAIT, BATCH)
            needed = [one for one in found if one.sequence <= waiting.get(one.place.partition, -1)]
            if needed:
                batch, _ = read(needed, self._codec, self._handler, self._clock.now(), CONSUMER)
                await self._handler.apply(batch)
                for place, through in batch.through.items():
                    if through >= waiting[place.partition]:
                        del waiting[place.partition]
                latest = self._clock.monotonic()
                self._shown.advance(len(needed))
            elif self._clock.monotonic() - latest > STALLED:
                raise CannotStart(
                    "the log does not bring what the counters hold", "see that Kafka runs"
                )
        self._shown.end()

    async def _fences(self, counters: Counters, partitions: Sequence[int]) -> dict[int, int]:
        states = await counters.open(partitions)
        return {one: state.fence for one, state in zip(partitions, states, strict=True)}


def _reaches(prepared: int, live: int, log: Reach) -> bool:
    """Whether the log holds all that lies between two fences."""
    if prepared >= live:
        return True
    start, end = from_sequence(prepared), from_sequence(live)
    if end is None:
        return True
    if start is None:
        return end.epoch == 0 and log.first == 0 and end.offset < log.end
    return start.epoch == end.epoch and log.first <= start.offset + 1 and end.offset < log.end
