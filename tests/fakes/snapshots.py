"""Materialized lists in memory, over posts in memory."""

from collections.abc import Sequence
from dataclasses import replace

from domain.ports.snapshots import Snapshot
from tests.fakes.posts import MemoryPosts


class MemorySnapshots:
    def __init__(self, posts: MemoryPosts) -> None:
        self._posts = posts
        self._held: dict[str, Snapshot] = {}

    async def read(self, names: Sequence[str]) -> Sequence[Snapshot | None]:
        return [self._current(self._held.get(name)) for name in names]

    async def newest(self) -> float | None:
        return max((one.computed_at for one in self._held.values()), default=None)

    async def write(self, snapshots: Sequence[Snapshot]) -> None:
        for snapshot in snapshots:
            held = self._held.get(snapshot.name)
            if held is None or held.computed_at <= snapshot.computed_at:
                self._held[snapshot.name] = snapshot

    def _current(self, snapshot: Snapshot | None) -> Snapshot | None:
        if snapshot is None:
            return None
        records = {record.id: record for record in self._posts.records if record.recommendable}
        kept = [place for place, old in enumerate(snapshot.records) if old.id in records]
        return replace(
            snapshot,
            records=[records[snapshot.records[place].id] for place in kept],
            scores=snapshot.scores[kept],
        )
