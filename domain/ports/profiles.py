"""Learned profiles: the durable ones and those that the read path sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from domain.interests import InterestProfile
from domain.ports.partition_state import PartitionState


class Profiles(Protocol):
    """Learned profiles, durable; a later fence wins."""

    async def read_many(self, user_ids: Sequence[str]) -> Sequence[InterestProfile | None]: ...
    async def write_many(self, profiles: Mapping[str, InterestProfile]) -> None: ...


@dataclass(frozen=True, slots=True)
class ProfileBatch:
    """How far a partition of the interactions' topic is applied; see ``counters.CounterBatch``."""

    partition: int
    fence: int
    through: int
    event_ids: Mapping[int, bytes] = field(default_factory=dict[int, bytes])


class LearnedProfiles(Protocol):
    """The profiles that the read path sees; written by the owner of the viewer's partition."""

    async def open(self, partitions: Sequence[int]) -> Sequence[PartitionState]: ...
    async def load(self, viewer_ids: Sequence[str]) -> Mapping[str, InterestProfile]: ...
    async def fences(self, partitions: Sequence[int]) -> Sequence[int]:
        """Where the partitions stand now: a store that lost its tail stands further back."""
        ...

    async def put(self, profiles: Mapping[str, InterestProfile]) -> None:
        """Keep each profile unless one with a later fence is there."""
        ...

    async def save(self, batches: Sequence[ProfileBatch]) -> Sequence[bool]:
        """Move the fences, each if it still is the one the batch started from."""
        ...
