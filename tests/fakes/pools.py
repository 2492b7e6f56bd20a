"""Pools in memory."""

from collections.abc import Mapping, Sequence

import numpy as np

from domain.pools import is_versioned
from domain.ports.pools import News, PoolMembers, PoolWrite

MAX_CHANGES = 10_000


class MemoryPools:
    """Both sides: what consumers write and what the API reads."""

    def __init__(self) -> None:
        self.members: dict[str, dict[str, float]] = {}
        self._versions: dict[str, int] = {}
        self._changes: list[tuple[str, str]] = []
        self._forgotten = 0

    async def news(self, after: str) -> News:
        end = str(self._forgotten + len(self._changes))
        if not after:
            return News(dict(self._versions), (), (), end)
        first = int(after) - self._forgotten
        later = self._changes[max(0, first) :]
        posts = list(dict.fromkeys(one for kind, one in later if kind == "post"))
        creators = list(dict.fromkeys(one for kind, one in later if kind == "creator"))
        return News(dict(self._versions), posts, creators, end, missed=first < 0)

    async def read(self, names: Sequence[str], limit: int) -> Sequence[PoolMembers]:
        return [self._read(name, limit) for name in names]

    async def write(self, writes: Sequence[PoolWrite]) -> None:
        for write in writes:
            pool = self.members.setdefault(write.name, {})
            pool.update(write.put)
            for member in write.remove:
                pool.pop(member, None)
            self._moved(write.name)

    async def replace(self, name: str, members: Mapping[str, float]) -> None:
        self.members[name] = dict(members)
        self._moved(name)

    async def trim(self, name: str, keep: int) -> None:
        pool = self.members.get(name, {})
        self.members[name] = {one: pool[one] for one in _best_first(pool)[:keep]}

    async def announce(self, *, posts: Sequence[str] = (), creators: Sequence[str] = ()) -> None:
        self._changes += [("post", one) for one in posts]
        self._changes += [("creator", one) for one in creators]
        excess = max(0, len(self._changes) - MAX_CHANGES)
        del self._changes[:excess]
        self._forgotten += excess

    def _read(self, name: str, limit: int) -> PoolMembers:
        pool = self.members.get(name, {})
        ids = _best_first(pool)[:limit]
        scores = np.array([pool[one] for one in ids], dtype=np.float64)
        return PoolMembers(self._versions.get(name, 0), ids, scores)

    def _moved(self, name: str) -> None:
        if is_versioned(name):
            self._versions[name] = self._versions.get(name, 0) + 1


def _best_first(pool: Mapping[str, float]) -> list[str]:
    """By score and, where scores are equal, by id: both descending, as Redis has it."""
    return sorted(pool, key=lambda one: (pool[one], one.encode()), reverse=True)
