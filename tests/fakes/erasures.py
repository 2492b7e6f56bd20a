"""Erasures, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.erasure import Erasure, ErasureUnderWay, Phase, Tombstone, subject_hash


class MemoryErasures:
    """``now`` is the time of changes; a test moves it."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now
        self._erasures: list[tuple[str, Erasure]] = []
        self._under_way: dict[str, ErasureUnderWay] = {}
        self._tombstones: dict[str, Tombstone] = {}

    async def request(self, subject: str, at: float) -> Erasure:
        for one in self._under_way.values():
            if one.subject == subject:
                return self._receipt(one.id)
        erasure = Erasure(f"e{len(self._erasures)}", at)
        self._erasures.append((subject, erasure))
        self._under_way[erasure.id] = ErasureUnderWay(erasure.id, subject, at, Phase.ASKED, at)
        self._tombstones[erasure.id] = Tombstone(subject_hash(subject), None, self.now)
        return erasure

    async def latest(self, subject: str) -> Erasure | None:
        own = [erasure for who, erasure in self._erasures if who == subject]
        return own[-1] if own else None

    async def under_way(self, limit: int) -> Sequence[ErasureUnderWay]:
        return list(self._under_way.values())[:limit]

    async def enter(
        self, erasure_id: str, phase: Phase, erased: Mapping[str, int], *, at: float
    ) -> None:
        self._add(erasure_id, erased, None)
        held = self._under_way[erasure_id]
        self._under_way[erasure_id] = replace(held, phase=phase, since=at)

    async def complete(self, erasure_id: str, at: float, erased: Mapping[str, int]) -> None:
        self._add(erasure_id, erased, at)
        subject = self._under_way.pop(erasure_id).subject
        self._tombstones[erasure_id] = Tombstone(subject_hash(subject), at, self.now)

    async def tombstones(self, since: float) -> Sequence[Tombstone]:
        return [one for one in self._tombstones.values() if one.changed_at >= since]

    def _receipt(self, erasure_id: str) -> Erasure:
        return next(erasure for _, erasure in self._erasures if erasure.id == erasure_id)

    def _add(self, erasure_id: str, erased: Mapping[str, int], completed: float | None) -> None:
        self._erasures = [
            (who, _added(one, erased, completed) if one.id == erasure_id else one)
            for who, one in self._erasures
        ]


def _added(erasure: Erasure, erased: Mapping[str, int], completed: float | None) -> Erasure:
    names = {*erasure.stores, *erased}
    stores = {name: erasure.stores.get(name, 0) + erased.get(name, 0) for name in names}
    return replace(erasure, stores=stores, completed_at=completed)
