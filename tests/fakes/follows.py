"""Follows and blocks in memory."""

from collections.abc import Sequence

from domain.ports.follows import StoredRelation

Relations = dict[tuple[str, str], StoredRelation]


class MemoryFollows:
    def __init__(self) -> None:
        self._follows: Relations = {}
        self._blocks: Relations = {}

    def followers(self, target_id: str) -> int:
        return sum(r.active and r.target_id == target_id for r in self._follows.values())

    async def follow(self, batch: Sequence[StoredRelation]) -> Sequence[bool]:
        return _relate(self._follows, batch)

    async def block(self, batch: Sequence[StoredRelation]) -> Sequence[bool]:
        return _relate(self._blocks, batch)

    async def followed_by(self, user_id: str) -> Sequence[str]:
        return _targets(self._follows, user_id)

    async def followed_among(self, user_id: str, target_ids: Sequence[str]) -> Sequence[str]:
        return [one for one in _targets(self._follows, user_id) if one in target_ids]

    async def blocked_by(self, user_id: str) -> Sequence[str]:
        return _targets(self._blocks, user_id)

    async def pairs(self, *, limit: int) -> Sequence[tuple[str, str]]:
        active = [relation for relation in self._follows.values() if relation.active]
        active.sort(key=lambda one: (-one.at, one.user_id, one.target_id))
        return [(one.user_id, one.target_id) for one in active[:limit]]


def _relate(held: Relations, batch: Sequence[StoredRelation]) -> Sequence[bool]:
    for relation in batch:
        key = (relation.user_id, relation.target_id)
        if key not in held or relation.at >= held[key].at:
            held[key] = relation
    return [one.active == held[one.user_id, one.target_id].active for one in batch]


def _targets(held: Relations, user_id: str) -> Sequence[str]:
    active = [r for r in held.values() if r.active and r.user_id == user_id]
    return [r.target_id for r in sorted(active, key=lambda r: (-r.at, r.target_id))]
