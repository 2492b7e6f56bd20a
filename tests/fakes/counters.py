"""Counters in memory, packed as they are in the store, so that nothing is shared by accident."""

from collections.abc import Mapping, Sequence

import msgspec

from domain.engagement import EngagementState
from domain.fences import NOTHING_APPLIED
from domain.ports.counters import CounterBatch
from domain.ports.partition_state import PartitionState
from domain.posts import PostStats


class MemoryCounters:
    def __init__(self) -> None:
        self.partitions: dict[int, PartitionState] = {}
        self.packed: dict[str, bytes] = {}

    async def open(self, partitions: Sequence[int]) -> Sequence[PartitionState]:
        return [self._partition(one) for one in partitions]

    async def load(self, wanted: Mapping[int, Sequence[str]]) -> Mapping[str, EngagementState]:
        return {
            post_id: msgspec.msgpack.decode(self.packed[post_id], type=EngagementState)
            for ids in wanted.values()
            for post_id in ids
            if post_id in self.packed
        }

    async def fences(self, partitions: Sequence[int]) -> Sequence[int]:
        return [self._partition(one).fence for one in partitions]

    async def save(self, batches: Sequence[CounterBatch]) -> Sequence[bool]:
        return [self._save(batch) for batch in batches]

    async def stats(self, post_ids: Sequence[str]) -> Sequence[PostStats]:
        states = await self.load({0: post_ids})
        return [_stats(states.get(post_id, EngagementState())) for post_id in post_ids]

    def _partition(self, partition: int) -> PartitionState:
        return self.partitions.get(partition, PartitionState(NOTHING_APPLIED))

    def _save(self, batch: CounterBatch) -> bool:
        held = self._partition(batch.partition)
        if held.fence != batch.fence:
            return False
        segments = dict(enumerate(held.event_ids)) | dict(batch.event_ids)
        self.partitions[batch.partition] = PartitionState(
            fence=batch.through,
            dirty={one: dict(left) for one, left in batch.dirty.items()},
            crossings=list(batch.crossings),
            event_ids=[segments[place] for place in sorted(segments)],
        )
        for post_id, state in batch.states.items():
            self.packed[post_id] = msgspec.msgpack.encode(state)
        return True


def _stats(state: EngagementState) -> PostStats:
    return PostStats(
        likes=max(0, state.likes),
        comments=max(0, state.comments),
        reposts=max(0, state.reposts + state.shares),
        views=max(0, state.views),
    )
