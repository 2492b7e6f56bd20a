"""The pools that a process holds: the base ones for good, of the others the latest used."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np

from domain import pools
from domain.ranking.candidates import Codes, Floats, Ints, Mask
from domain.trending import WINDOWS, Window

BASE: Final = (*(pools.trending_worldwide(window) for window in WINDOWS), pools.fresh())
MAX_HELD: Final = 4_096  # some KB each; pools besides the base ones
NEVER_READ: Final = -1  # the version of a pool that is not here


@dataclass(frozen=True, slots=True)
class Pool:
    """Members that the table holds, best first; ``scores`` as in ``PoolMembers``."""

    version: int
    rows: Codes
    scores: Floats
    read_at: float  # monotonic


@dataclass(frozen=True, slots=True)
class Listing:
    """A pool of other things than posts: creator ids or hashtags, best first."""

    version: int
    names: Sequence[str]
    scores: Floats
    read_at: float


class HeldPools:
    def __init__(self) -> None:
        self._held: OrderedDict[str, Pool | Listing] = OrderedDict()
        self._empty = Pool(NEVER_READ, np.zeros(0, dtype=np.int32), np.zeros(0), -np.inf)
        self._trends: dict[Window, Floats] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._held

    def pool(self, name: str) -> Pool:
        """A pool of posts as it is here, empty where it is not."""
        held = self._held.get(name)
        return held if isinstance(held, Pool) else self._empty

    def listing(self, name: str) -> Listing | None:
        held = self._held.get(name)
        return held if isinstance(held, Listing) else None

    def trend_scores(self, window: Window, size: int) -> Floats:
        """[size], the score that each row of the table has in the window, worldwide.

        Pools of categories and hashtags hold the same scores as the worldwide one, which ends
        with its last member; what was read last counts. Made anew only after one was read.
        """
        scores = self._trends.get(window)
        if scores is None or len(scores) != size:
            scores = self._trends[window] = np.full(size, -np.inf)
            start = f"trending:{window}:"
            held = [
                self.pool(name)
                for name in self._held
                if name.startswith(start) and pools.window_worldwide(name)
            ]
            for pool in sorted(held, key=lambda pool: pool.read_at):
                scores[pool.rows] = pool.scores
        return scores

    def version(self, name: str) -> int:
        return self._held.get(name, self._empty).version

    def read_at(self, name: str) -> float:
        """Minus infinity where it is not here."""
        return self._held.get(name, self._empty).read_at

    def hold(self, name: str, held: Pool | Listing) -> None:
        self._held[name] = held
        self._held.move_to_end(name)
        window = pools.window_worldwide(name)
        if window is not None:
            self._trends.pop(window, None)
        excess = len(self._held) - MAX_HELD - len(BASE)
        for old in [name for name in islice(self._held, len(BASE) + 1) if name not in BASE]:
            if excess > 0:
                del self._held[old]
                excess -= 1

    def use(self, name: str) -> None:
        if name in self._held:
            self._held.move_to_end(name)

    def members(self, size: int) -> Mask:
        """[size], which rows of the table are in some pool."""
        rows: Mask = np.zeros(size, dtype=np.bool_)
        for held in self._held.values():
            if isinstance(held, Pool):
                rows[held.rows] = True
        return rows

    def renumber(self, moved: Ints) -> None:
        """Follow the table, in which old row ``i`` is now ``moved[i]``, or gone if negative."""
        self._trends.clear()
        for name, held in self._held.items():
            if isinstance(held, Pool):
                rows = moved[held.rows].astype(np.int32)
                kept = rows >= 0
                self._held[name] = Pool(held.version, rows[kept], held.scores[kept], held.read_at)
