"""Counters with durable copies: what changed is kept every 20 seconds, what is lost comes back.

A checkpoint holds a partition as of one fence, byte for byte, so that from there on the log makes
the same of it again. Which posts changed is remembered as batches are saved. After a crash nobody
remembers, and the partition is read through once, in small steps; otherwise that never happens.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec
import structlog
from typing_extensions import override

from domain.engagement import EngagementState
from domain.errors import Unavailable
from domain.fences import NOTHING_APPLIED
from domain.ports.checkpoints import Checkpoint, Checkpoints, CheckpointSource
from domain.ports.counters import CounterBatch, Counters
from domain.ports.partition_state import PartitionState
from domain.posts import PostStats
from runtime.clock import Clock

INTERVAL: Final = 20.0  # seconds between two checkpoints of a partition
MAX_CHANGED: Final = 50_000  # posts of a partition that are remembered, while PostgreSQL is away

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


@dataclass(slots=True)
class _Followed:
    """``changed`` since the last checkpoint; ``unknown``: more than that, nobody knows which."""

    fence: int
    kept_at: float
    unknown: bool
    changed: set[str] = field(default_factory=set[str])


class CheckpointedCounters(Counters):
    """Around the counters of one process, who alone writes the partitions that it opened."""

    def __init__(
        self,
        counters: Counters,
        prepared: Counters,
        source: CheckpointSource,
        checkpoints: Checkpoints,
        clock: Clock,
    ) -> None:
        """``prepared`` are those that ``source`` prepares, until it switches them."""
        self._counters = counters
        self._prepared = prepared
        self._source = source
        self._checkpoints = checkpoints
        self._clock = clock
        self._followed: dict[int, _Followed] = {}
        self._unmoved = asyncio.Lock()  # while it is held, no partition of ours moves
        self._unpack = msgspec.msgpack.Decoder(EngagementState).decode

    @override
    async def open(self, partitions: Sequence[int]) -> Sequence[PartitionState]:
        """As they are; what the fast store lost comes back from its checkpoint."""
        kept = await self._checkpoints.fences(partitions)
        states = list(await self._counters.open(partitions))
        for place, partition in enumerate(partitions):
            if states[place].fence == NOTHING_APPLIED and partition in kept:
                states[place] = await self._restored(partition)
        for partition, state in zip(partitions, states, strict=True):
            reached = kept.get(partition, NOTHING_APPLIED)
            self._followed[partition] = _Followed(
                state.fence, self._clock.monotonic(), unknown=reached < state.fence
            )
        return states

    @override
    async def load(self, wanted: Mapping[int, Sequence[str]]) -> Mapping[str, EngagementState]:
        return await self._counters.load(wanted)

    @override
    async def fences(self, partitions: Sequence[int]) -> Sequence[int]:
        return await self._counters.fences(partitions)

    @override
    async def save(self, batches: Sequence[CounterBatch]) -> Sequence[bool]:
        async with self._unmoved:
            saved = await self._counters.save(batches)
        for batch, ok in zip(batches, saved, strict=True):
            followed = self._followed.get(batch.partition)
            if ok and followed is not None:
                followed.fence = batch.through
                followed.changed.update(batch.states)
                if len(followed.changed) > MAX_CHANGED:
                    followed.changed, followed.unknown = set(), True
        return saved

    @override
    async def stats(self, post_ids: Sequence[str]) -> Sequence[PostStats]:
        return await self._counters.stats(post_ids)

    async def keep_due(self) -> None:
        """Take the checkpoints that are due; called every few seconds."""
        latest = self._clock.monotonic() - INTERVAL
        for partition, followed in list(self._followed.items()):
            if followed.kept_at <= latest:
                await self._try_to_keep(partition, followed)

    async def keep_all(self) -> None:
        """Take them all: nothing is left to be read through after an orderly end."""
        for partition, followed in list(self._followed.items()):
            await self._try_to_keep(partition, followed)

    async def _try_to_keep(self, partition: int, followed: _Followed) -> None:
        """One that fails does not keep the others from their turn."""
        try:
            await self._keep(partition, followed)
        except Unavailable as error:
            log.warning("checkpoint.postponed", partition=partition, cause=str(error))

    async def _keep(self, partition: int, followed: _Followed) -> None:
        if not followed.changed and not followed.unknown:
            return
        async with self._unmoved:
            changed, unknown, fence = followed.changed, followed.unknown, followed.fence
            followed.changed, followed.unknown = set(), False
            kept = False
            try:
                if unknown:
                    found = await self._source.all(partition)
                else:
                    found = await self._source.some(partition, sorted(changed))
            except BaseException:
                followed.changed |= changed
                followed.unknown |= unknown
                raise
        if found is None or found.fence != fence:  # somebody else's by now
            if self._followed.get(partition) is followed:
                del self._followed[partition]
            return
        try:
            kept = await self._checkpoints.keep(found)
        finally:
            if kept:
                followed.kept_at = self._clock.monotonic()
            else:
                followed.changed |= changed
                followed.unknown |= unknown

    async def _restored(self, partition: int) -> PartitionState:
        """Bring a partition back; all its posts are to be put into their lists again.

        That is noted with it before the switch: then whoever opens it next finds it, whatever
        happens before the lists are written.
        """
        listed: dict[str, Mapping[str, int]] = {}
        pieces = self._noting(listed, self._checkpoints.read(partition))
        fence = await self._source.prepare(partition, pieces)
        (state,) = await self._prepared.open([partition])
        noted = CounterBatch(
            partition,
            state.fence,
            through=state.fence,
            states={},
            dirty={**listed, **state.dirty},
            crossings=state.crossings,
        )
        if state.fence != fence or not all(await self._prepared.save([noted])):
            raise Unavailable("redis", "somebody else restores the same partition")
        await self._source.switch(partition)
        log.warning("counters.restored", partition=partition, listed=len(listed))
        (state,) = await self._counters.open([partition])
        return state

    async def _noting(
        self, listed: dict[str, Mapping[str, int]], pieces: AsyncIterator[Checkpoint]
    ) -> AsyncIterator[Checkpoint]:
        """The same pieces; what may be in lists is noted on the way."""
        async for piece in pieces:
            for post_id, packed in piece.values.items():
                if self._unpack(packed).scopes:
                    listed[post_id] = {}
            yield piece
