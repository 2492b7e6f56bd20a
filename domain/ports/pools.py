"""Shared lists of post ids: what moved, what is in them, what to write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class PoolMembers:
    """A pool's best members, best first, with their time-invariant scores."""

    version: int
    ids: Sequence[str]
    scores: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class News:
    """What moved since a position in the change feed; ``position`` is where to go on.

    ``missed``: entries after that position are gone; whatever is held may be outdated.
    """

    versions: Mapping[str, int]
    posts: Sequence[str]
    creators: Sequence[str]
    position: str
    missed: bool = False


class Pools(Protocol):
    """Shared lists of post ids, written by consumers, read by the API in the background."""

    async def news(self, after: str) -> News: ...
    async def read(self, names: Sequence[str], limit: int) -> Sequence[PoolMembers]: ...


@dataclass(frozen=True, slots=True)
class PoolWrite:
    """Absolute scores to put and members to remove; may be repeated freely."""

    name: str
    put: Mapping[str, float] = field(default_factory=dict[str, float])
    remove: Sequence[str] = ()


class PoolWriter(Protocol):
    async def write(self, writes: Sequence[PoolWrite]) -> None: ...
    async def replace(self, name: str, members: Mapping[str, float]) -> None: ...
    async def trim(self, name: str, keep: int) -> None: ...
    async def announce(
        self, *, posts: Sequence[str] = (), creators: Sequence[str] = ()
    ) -> None: ...
