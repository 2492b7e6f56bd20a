"""Fences of profiles with durable copies, so that a loss does not begin with the log's beginning.

Each profile carries its own fence and is durable by itself. What a durable fence of a partition
says is only: whatever lies before it is in durable profiles, and need not be read again. What an
owner before us had in hand when it died is live, but perhaps not durable: whose it is tells the
history between the durable fence and the one that was found.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from typing_extensions import override

from domain.fences import NOTHING_APPLIED
from domain.interests import InterestProfile
from domain.ports.checkpoints import FenceCheckpoints, FenceSource
from domain.ports.interactions import ActiveViewers
from domain.ports.partition_state import PartitionState
from domain.ports.profiles import LearnedProfiles, ProfileBatch

PAGE: Final = 1_000  # interactions of one reading

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


@dataclass(slots=True)
class _Gap:
    """Sequences whose profiles somebody else was to make durable; ``reached`` are done."""

    reached: int
    end: int


class CheckpointedProfiles(LearnedProfiles):
    """Around the profiles of one process, who alone moves the fences that it opened."""

    def __init__(
        self,
        profiles: LearnedProfiles,
        source: FenceSource,
        checkpoints: FenceCheckpoints,
        history: ActiveViewers,
    ) -> None:
        self._profiles = profiles
        self._source = source
        self._checkpoints = checkpoints
        self._history = history
        self._moved: dict[int, int] = {}  # fences since they were kept
        self._gaps: dict[int, _Gap] = {}

    @override
    async def open(self, partitions: Sequence[int]) -> Sequence[PartitionState]:
        kept = await self._checkpoints.read(partitions)
        states = await self._profiles.open(partitions)
        lost = [
            kept[partition]
            for partition, state in zip(partitions, states, strict=True)
            if state.fence == NOTHING_APPLIED and partition in kept
        ]
        for checkpoint in lost:
            await self._source.restore(checkpoint)
            log.warning("fence.restored", partition=checkpoint.partition)
        if lost:
            states = await self._profiles.open(partitions)
        for partition, state in zip(partitions, states, strict=True):
            durable = kept[partition].fence if partition in kept else NOTHING_APPLIED
            self._gaps.pop(partition, None)
            if durable < state.fence:
                self._gaps[partition] = _Gap(durable, state.fence)
        return states

    @override
    async def load(self, viewer_ids: Sequence[str]) -> Mapping[str, InterestProfile]:
        return await self._profiles.load(viewer_ids)

    @override
    async def fences(self, partitions: Sequence[int]) -> Sequence[int]:
        return await self._profiles.fences(partitions)

    @override
    async def put(self, profiles: Mapping[str, InterestProfile]) -> None:
        await self._profiles.put(profiles)

    @override
    async def save(self, batches: Sequence[ProfileBatch]) -> Sequence[bool]:
        saved = await self._profiles.save(batches)
        for batch, ok in zip(batches, saved, strict=True):
            if ok:
                self._moved[batch.partition] = batch.through
        return saved

    async def keep_behind(self, make_durable: Callable[[Sequence[str]], Awaitable[None]]) -> None:
        """Keep the fences as they are, once the profiles that lie before them are durable.

        ``make_durable`` does that for what we changed ourselves, and for the viewers it is given.
        """
        for partition in list(self._moved):
            await self._close_gap(partition, make_durable)
        moved = {one: fence for one, fence in self._moved.items() if one not in self._gaps}
        # After the gaps: had the fast store lost profiles meanwhile, its fences tell.
        found = await self._source.read(sorted(moved))
        await make_durable(())
        # One that is elsewhere by now is somebody else's, or its turn comes next time.
        await self._checkpoints.keep([one for one in found if one.fence == moved[one.partition]])
        for partition, fence in moved.items():
            if self._moved.get(partition) == fence:
                del self._moved[partition]

    async def _close_gap(
        self, partition: int, make_durable: Callable[[Sequence[str]], Awaitable[None]]
    ) -> None:
        gap = self._gaps.get(partition)
        if gap is None:
            return
        full = True
        while full:
            page = await self._history.active(
                partition, after=gap.reached, through=gap.end, limit=PAGE
            )
            await make_durable(list(dict.fromkeys(viewer for _, viewer in page)))
            gap.reached = page[-1][0] if page else gap.end
            full = len(page) == PAGE
        if self._gaps.get(partition) is gap:
            del self._gaps[partition]
