"""What is derived from lists by the clock, for when stores are away or have lost something."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from domain import pools
from domain.ports.pools import Pools, PoolWrite, PoolWriter
from domain.ports.posts import PostProjection, PostRecords
from domain.ports.snapshots import Snapshot, Snapshots
from domain.trending import WINDOWS
from runtime.clock import Clock
from stores.static_lists import StaticListFile

LISTS: Final = (*(pools.trending_worldwide(window) for window in WINDOWS), pools.fresh())
STATIC_LIFE: Final = 900.0  # seconds until the file is written anew
KEPT: Final = 200  # posts of a snapshot
REFILL: Final = 2_000  # newest posts that a lost list is filled with
CHUNK: Final = 500


class Materializing:
    def __init__(
        self,
        lists: Pools,
        records: PostRecords,
        snapshots: Snapshots,
        static: StaticListFile,
        clock: Clock,
    ) -> None:
        self._lists = lists
        self._records = records
        self._snapshots = snapshots
        self._static = static
        self._clock = clock
        self._static_at = float("-inf")
        self._written: Mapping[str, int] = {}  # what lists may do with each post in the file
        self._position = ""  # of the change feed, when the file was last known to be right

    async def snapshot(self) -> None:
        """Keep the worldwide lists in PostgreSQL with what a fallback page needs."""
        await self._snapshots.write(await self._read())

    async def write_static(self) -> None:
        """Keep them in a file now and then, for when every engine is away.

        Called often: the first lists that there are go into the file at once, empty ones never,
        and what must not be shown any more leaves it with the next call.
        """
        if self._clock.monotonic() - self._static_at < STATIC_LIFE and await self._holds():
            return
        position = (await self._lists.news("")).position
        found = await self._read()
        if found:
            self._static.write(found)
            self._static_at = self._clock.monotonic()
            self._written = {
                record.id: record.list_verdicts for one in found for record in one.records
            }
            self._position = position

    async def _holds(self) -> bool:
        """Whether lists may do with the file's posts what they might when it was written."""
        news = await self._lists.news(self._position)
        changed = [post_id for post_id in news.posts if post_id in self._written]
        records = await self._records.get_many(changed)
        if news.missed or any(
            record is None or record.list_verdicts != self._written[post_id]
            for post_id, record in zip(changed, records, strict=True)
        ):
            return False
        self._position = news.position
        return True

    async def _read(self) -> list[Snapshot]:
        members = await self._lists.read(LISTS, KEPT)
        snapshots: list[Snapshot] = []
        for name, one in zip(LISTS, members, strict=True):
            records = await self._records.get_many(one.ids)
            kept = [
                (record, score)
                for record, score in zip(records, one.scores, strict=True)
                if record is not None and record.recommendable
            ]
            if kept:
                scores = np.array([score for _, score in kept], dtype=np.float64)
                found = [record for record, _ in kept]
                snapshots.append(Snapshot(name, self._clock.now(), found, scores))
        return snapshots


class FreshLists:
    """Fills the lists of new posts from PostgreSQL where Redis lost them."""

    def __init__(self, reader: Pools, writer: PoolWriter, posts: PostProjection) -> None:
        self._reader = reader
        self._writer = writer
        self._posts = posts

    async def fill_if_empty(self) -> None:
        (held,) = await self._reader.read([pools.fresh()], 1)
        if held.ids:
            return
        put: dict[str, dict[str, float]] = {}
        before = None
        for _ in range(0, REFILL, CHUNK):
            records = await self._posts.newest(limit=CHUNK, before=before)
            if not records:
                break
            for record in records:
                names = (
                    pools.fresh(),
                    pools.by_author(record.author_id),
                    *(pools.fresh(category.slug) for category in record.categories),
                )
                for name in names:
                    put.setdefault(name, {})[record.id] = record.created_at
            before = (records[-1].created_at, records[-1].id)
        await self._writer.write([PoolWrite(name, members) for name, members in put.items()])
