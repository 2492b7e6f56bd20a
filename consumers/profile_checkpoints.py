"""Fences of profiles with durable copies, so that a loss does not begin with the log's beginning.

Each profile carries its own fence and is durable by itself. What a durable fence of a partition
says is only: whatever lies before it is in durable profiles, and need not be read again.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog
from typing_extensions import override

from domain.checkpoints import FenceCheckpoints, FenceSource
from domain.fences import NOTHING_APPLIED
from domain.interests import InterestProfile
from domain.ports import LearnedProfiles, PartitionState, ProfileBatch

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class CheckpointedProfiles(LearnedProfiles):
    """Around the profiles of one process, who alone moves the fences that it opened."""

    def __init__(
        self, profiles: LearnedProfiles, source: FenceSource, checkpoints: FenceCheckpoints
    ) -> None:
        self._profiles = profiles
        self._source = source
        self._checkpoints = checkpoints
        self._moved: dict[int, int] = {}  # fences since they were kept

    @override
    async def open(self, partitions: Sequence[int]) -> Sequence[PartitionState]:
        states = await self._profiles.open(partitions)
        lost = [
            partition
            for partition, state in zip(partitions, states, strict=True)
            if state.fence == NOTHING_APPLIED
        ]
        if not lost:
            return states
        for checkpoint in (await self._checkpoints.read(lost)).values():
            await self._source.restore(checkpoint)
            log.warning("fence.restored", partition=checkpoint.partition)
        return await self._profiles.open(partitions)

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

    async def keep_behind(self, make_durable: Callable[[], Awaitable[None]]) -> None:
        """Keep the fences as they are, once the profiles that lie before them are durable."""
        moved = dict(self._moved)
        found = await self._source.read(sorted(moved))
        await make_durable()
        # One that is elsewhere by now is somebody else's, or its turn comes next time.
        await self._checkpoints.keep([one for one in found if one.fence == moved[one.partition]])
        for partition, fence in moved.items():
            if self._moved.get(partition) == fence:
                del self._moved[partition]
