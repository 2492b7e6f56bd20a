"""A source of records in memory: one partition with a fence or a commit, as Kafka's behaves."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager

from consumers.batches import Fences, Place, Record
from consumers.positions import next_offset
from domain.errors import Unavailable
from domain.fences import sequence

STAMP = 1_790_000_000_000


class MemorySource:
    """``away``: the store of the fences, or Kafka, does not answer so many times."""

    def __init__(
        self, place: Place, values: Sequence[bytes | None], fences: Fences | None = None
    ) -> None:
        self.place = place
        self.values = values
        self.committed = 0
        self.away = 0
        self.idled = 0.0
        self._fences = fences
        self._position: int | None = None
        self._openings = 0

    @property
    def openings(self) -> int:
        return self._openings

    @property
    def is_done(self) -> bool:
        return self.committed == len(self.values)

    async def poll(self, seconds: float, limit: int) -> list[Record]:
        await asyncio.sleep(0)  # as a real one does, or nobody else ever runs
        if self.away:
            self.away -= 1
            raise Unavailable("kafka")
        if self._position is None:
            self._openings += 1
            self._position = await self._start()
        first = self._position
        self._position = min(first + limit, len(self.values))
        return [
            Record(self.place, offset, sequence(0, offset), STAMP, 0, b"key", self.values[offset])
            for offset in range(first, self._position)
        ]

    async def idle(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.idled += seconds

    @asynccontextmanager
    async def handling(self) -> AsyncGenerator[None, None]:
        yield

    async def commit(self) -> None:
        self.committed = self._position or 0

    def rewind(self, places: Collection[Place]) -> None:
        self._openings += 1
        self._position = None

    async def refresh(self) -> None:
        return

    def behind(self) -> Mapping[Place, int]:
        return {self.place: len(self.values) - self.committed}

    async def _start(self) -> int:
        if self._fences is None:
            return self.committed
        fences = await self._fences.open([self.place.partition])
        return next_offset(fences[self.place.partition])
