"""Erasures that were asked for, and how far they are."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from domain.erasure import Erasure, ErasureUnderWay, Phase, Tombstone


class Erasures(Protocol):
    async def request(self, subject: str, at: float) -> Erasure:
        """The erasure of a person that is under way; it begins where there is none."""
        ...

    async def latest(self, subject: str) -> Erasure | None: ...
    async def under_way(self, limit: int) -> Sequence[ErasureUnderWay]:
        """The oldest first."""
        ...

    async def enter(
        self, erasure_id: str, phase: Phase, erased: Mapping[str, int], *, at: float
    ) -> None:
        """Begin a phase, and add what was erased so far to the receipt."""
        ...

    async def complete(self, erasure_id: str, at: float, erased: Mapping[str, int]) -> None:
        """Write the receipt's end and forget whose erasure it was."""
        ...

    async def tombstones(self, since: float) -> Sequence[Tombstone]:
        """Those that changed at or after a time."""
        ...
