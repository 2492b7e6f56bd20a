"""Copies of what a partition's consumer keeps, as of one place in the log."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A partition as of ``fence``: its own ``fields``, and packed ``values`` by entity.

    All values, or those that changed since the checkpoint before.
    """

    partition: int
    fence: int
    fields: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    values: Mapping[str, bytes] = field(default_factory=dict[str, bytes])


class Checkpoints(Protocol):
    """The durable copies; a later fence wins."""

    async def fences(self, partitions: Collection[int]) -> Mapping[int, int]:
        """How far they reach, of those that there are."""
        ...

    async def keep(self, checkpoint: Checkpoint) -> bool:
        """Add what changed, in one transaction; False where a later one is kept already."""
        ...

    def read(self, partition: int) -> AsyncIterator[Checkpoint]:
        """The whole one in pieces, as of one moment; the first has the fields. Empty: none."""
        ...


class FenceCheckpoints(Protocol):
    """Durable fences with their fields, without values; a later fence wins."""

    async def keep(self, checkpoints: Sequence[Checkpoint]) -> None: ...
    async def read(self, partitions: Collection[int]) -> Mapping[int, Checkpoint]: ...


class FenceSource(Protocol):
    """The fast ones."""

    async def read(self, partitions: Sequence[int]) -> Sequence[Checkpoint]:
        """Of those partitions that have a fence."""
        ...

    async def restore(self, checkpoint: Checkpoint) -> None:
        """Unless there is one by now."""
        ...


class CheckpointSource(Protocol):
    """The fast copies that checkpoints are taken from and restored to."""

    async def some(self, partition: int, names: Sequence[str]) -> Checkpoint | None:
        """These entities; None where the partition moved meanwhile."""
        ...

    async def all(self, partition: int) -> Checkpoint | None:
        """All entities, in small steps; None where the partition moved meanwhile."""
        ...

    async def scan(self, partition: int) -> Mapping[str, bytes]:
        """All entities, each as of some moment while they are read."""
        ...

    async def prepare(self, partition: int, pieces: AsyncIterator[Checkpoint]) -> int | None:
        """Write a checkpoint beside the live partition; its fence, None where there is none."""
        ...

    async def switch(self, partition: int) -> bool:
        """Put what was prepared in the live one's place at once, if that is not behind it."""
        ...
