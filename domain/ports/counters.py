"""Engagement per post, behind the fence of its partition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from domain.engagement import EngagementState
from domain.ports.partition_state import Crossing, PartitionState
from domain.posts import PostStats


@dataclass(frozen=True, slots=True)
class CounterBatch:
    """What a batch made of a partition: absolute values, and how far into the log they reach.

    ``fence`` is where the batch started from, ``through`` the sequence of its last record.
    ``event_ids`` are the segments that changed, by place.
    """

    partition: int
    fence: int
    through: int
    states: Mapping[str, EngagementState]
    dirty: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])
    crossings: Sequence[Crossing] = ()
    event_ids: Mapping[int, bytes] = field(default_factory=dict[int, bytes])


class Counters(Protocol):
    """Engagement per post, kept per partition of the engagement topic behind its fence."""

    async def open(self, partitions: Sequence[int]) -> Sequence[PartitionState]: ...
    async def load(self, wanted: Mapping[int, Sequence[str]]) -> Mapping[str, EngagementState]:
        """The states of posts, asked for by partition; what is new has none."""
        ...

    async def fences(self, partitions: Sequence[int]) -> Sequence[int]: ...
    async def save(self, batches: Sequence[CounterBatch]) -> Sequence[bool]:
        """Write each batch in one command if the stored fence is still the one it started from.

        False, with nothing written, where another writer or a lost tail moved it.
        """
        ...

    async def stats(self, post_ids: Sequence[str]) -> Sequence[PostStats]: ...
