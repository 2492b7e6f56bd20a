"""The loop reads a batch again whose fence has moved."""

from collections.abc import Collection, Sequence

from typing_extensions import override

from consumers.batches import Batch, FenceMoved, Place, Record
from tests.consumers.loop_rig import PLACE, POISON, MemoryHandler, Rig, value, values
from tests.consumers.memory_source import MemorySource


async def test_what_is_read_again_is_neither_buried_nor_counted_again() -> None:
    moves = [FenceMoved([PLACE])] * 3

    def move(_batch: Batch) -> None:
        if moves:
            raise moves.pop()

    source, handler = MemorySource(PLACE, [*[POISON] * 60, value("a")]), MemoryHandler(move)
    rig = Rig(source, handler)
    await rig.run()
    assert (len(rig.writer.records), handler.applied) == (60, ["a"])


async def test_a_fence_that_moved_is_read_again() -> None:
    moves = [FenceMoved([PLACE])]

    def move(_batch: Batch) -> None:
        if moves:
            raise moves.pop()

    source, handler = MemorySource(PLACE, values(3)), MemoryHandler(move)
    await Rig(source, handler).run()
    assert handler.batches == [["p0", "p1", "p2"]]


class TwoPartitions(MemorySource):
    """Batches with records of both; each is read again only when it is named."""

    def __init__(self, values: Sequence[bytes | None]) -> None:
        super().__init__(PLACE, values)
        self._other = MemorySource(Place(PLACE.topic, PLACE.partition + 1), values)

    @property
    @override
    def openings(self) -> int:
        return super().openings + self._other.openings

    @property
    @override
    def is_done(self) -> bool:
        return super().is_done and self._other.is_done

    @override
    async def poll(self, seconds: float, limit: int) -> list[Record]:
        return await super().poll(seconds, limit) + await self._other.poll(seconds, limit)

    @override
    async def commit(self) -> None:
        await super().commit()
        await self._other.commit()

    @override
    def rewind(self, places: Collection[Place]) -> None:
        if self.place in places:
            super().rewind(places)
        if self._other.place in places:
            self._other.rewind(places)


async def test_with_a_fence_that_moved_the_whole_batch_is_read_again() -> None:
    """What it had of other partitions was not applied either."""
    moves = [FenceMoved([PLACE])]

    def move(_batch: Batch) -> None:
        if moves:
            raise moves.pop()

    handler = MemoryHandler(move)
    await Rig(TwoPartitions(values(3)), handler).run()
    assert handler.batches == [["p0", "p1", "p2", "p0", "p1", "p2"]]
