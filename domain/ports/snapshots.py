"""Trending lists that outlive Redis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from domain.posts import PostRecord


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A materialized trending list with what a fallback page needs."""

    name: str
    computed_at: float
    records: Sequence[PostRecord]
    scores: NDArray[np.float64]


class Snapshots(Protocol):
    async def read(self, names: Sequence[str]) -> Sequence[Snapshot | None]: ...
    async def newest(self) -> float | None:
        """When the latest one was computed, in epoch seconds; None where there is none."""
        ...

    async def write(self, snapshots: Sequence[Snapshot]) -> None: ...
