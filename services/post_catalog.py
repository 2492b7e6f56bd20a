"""The post table with what fills it: records, counts and creators, read in bounded batches."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Final, Protocol

from domain.errors import Unavailable
from domain.ports.posts import PostRecords
from domain.posts import PostRecord, PostStats
from domain.ranking.candidates import Ints, Mask
from services.creator_cache import CreatorCache
from services.fetches import Fetches, read_again
from services.post_table import PostTable

CAPACITY: Final = 24_000  # rows; about 2 KB each with its record
BATCH: Final = 250


class PostCounts(Protocol):
    """The part of ``Counters`` that reading needs."""

    async def stats(self, post_ids: Sequence[str]) -> Sequence[PostStats]: ...


class PostCatalog:
    """``table`` may be replaced between two awaits: never keep rows of it across one."""

    def __init__(
        self,
        records: PostRecords,
        counts: PostCounts,
        creators: CreatorCache,
        capacity: int = CAPACITY,
    ) -> None:
        self.table = PostTable()
        self.creators = creators
        self._records = records
        self._counts = counts
        self._capacity = capacity
        self._fetches = Fetches()
        self._swept = 0
        self._owed: set[str] = set()

    @property
    def is_full(self) -> bool:
        return len(self.table) > self._capacity

    async def load(self, post_ids: Iterable[str]) -> None:
        """Bring in the posts that are not here, with their counts and creators.

        Raises:
            Unavailable: a store did not answer; what came until then is kept.

        """
        missing = self.table.missing(dict.fromkeys(post_ids))
        for start in range(0, len(missing), BATCH):
            await self._fetch(missing[start : start + BATCH])

    async def take_in(self, records: Sequence[PostRecord]) -> None:
        """Hold posts that someone else has read.

        A reader behind a replica may tell what no longer holds, so those that are not here are
        fetched as all others are; what was read counts where no store tells anything.
        """
        with suppress(Unavailable):
            await self.load([record.id for record in records])
        for record in records:
            self.table.put(record)

    async def refresh(self, post_ids: Iterable[str]) -> None:
        """Read again the posts that are here; one that no store knows any longer is withdrawn.

        Those on their way here are fetched once more.
        """
        changed = list(dict.fromkeys(post_ids))
        self._fetches.note_changed(changed)
        await self._refresh(changed)

    async def refresh_stats(self, post_ids: Sequence[str]) -> None:
        for start in range(0, len(post_ids), BATCH):
            batch = post_ids[start : start + BATCH]
            self.table.put_stats(batch, await self._counts.stats(batch))

    async def sweep_stats(self, rounds: int) -> None:
        """Refresh one of ``rounds`` parts of all counts, the next one at each call."""
        size = len(self.table)
        step = -(-size // rounds)
        start = self._swept if self._swept < size else 0
        self._swept = start + step
        await self.refresh_stats(
            [self.table.record(row).id for row in range(start, min(start + step, size))]
        )

    async def reload(self) -> None:
        """Read every post and creator again, after news was missed."""
        self._fetches.note_all_changed()
        table = self.table
        await self._refresh([table.record(row).id for row in range(len(table))])
        await self.creators.reload()

    def compact(self, held: Mask) -> Ints:
        """Make room, keeping the held rows; the new row of each old one, ``ABSENT`` if dropped."""
        self.table, moved = self.table.compacted(held, self._capacity // 2)
        return moved

    async def _refresh(self, post_ids: Sequence[str]) -> None:
        known = [i for i in post_ids if self.table.find(i) is not None]
        for start in range(0, len(known), BATCH):
            await self._fetch(known[start : start + BATCH], counted=False)

    async def _fetch(self, post_ids: Sequence[str], *, counted: bool = True) -> None:
        with self._fetches.of(post_ids) as changed:
            records = await self._read(post_ids)
            found = [record for record in records.values() if record is not None]
            stats = await self._count(found) if counted else ()
            await self._load_creators({record.author_id for record in found})
            await read_again(changed, records, self._read)
        table = self.table
        for post_id, record in records.items():
            if record is None:
                table.withdraw(post_id)
            else:
                table.put(record)
        if stats:
            table.put_stats([record.id for record in found], stats)

    async def _read(self, post_ids: Sequence[str]) -> dict[str, PostRecord | None]:
        return dict(zip(post_ids, await self._records.get_many(post_ids), strict=True))

    async def _count(self, records: Sequence[PostRecord]) -> Sequence[PostStats]:
        try:
            return await self._counts.stats([record.id for record in records])
        except Unavailable:
            return ()  # a card may do without counts; the next sweep brings them

    async def _load_creators(self, creator_ids: Iterable[str]) -> None:
        wanted = self._owed.union(creator_ids)
        try:
            await self.creators.load(wanted)
            self._owed.clear()
        except Unavailable:
            self._owed = wanted  # they go by their ids until the next fetch
