"""``index``: what PostgreSQL says about posts and creators into the search index.

The events only say that something changed. Before the records are read, the consumers that write
them must have come past the same events: then what is read is at least as new.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Final, Protocol

import structlog
from typing_extensions import override

from consumers.batches import Batch, Handler, Received
from consumers.positions import next_offset
from domain.errors import Unavailable
from domain.events import ModerationResult, PostIngested, UserUpdated
from domain.ports.creators import CreatorRecords
from domain.ports.hashtags import Hashtags
from domain.ports.posts import PostProjection
from domain.ports.search_index import SearchIndex
from domain.posts import PostRecord
from domain.topics import MODERATION_RESULT, POST_INGESTED, USER_UPDATED

CHUNK: Final = 500  # records of one bulk request
PATIENCE: Final = 3.0  # seconds that a batch waits before it is put back
LOOK: Final = 0.04  # seconds between two looks at how far the others are
WRITERS: Final = {  # the group that writes what an event of the topic says
    POST_INGESTED.name: "explore-posts",
    USER_UPDATED.name: "explore-posts",
    MODERATION_RESULT.name: "explore-moderation",
}

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class Progress(Protocol):
    async def reached(
        self, group: str, places: Collection[tuple[str, int]]
    ) -> Mapping[tuple[str, int], int]:
        """The offset behind the last record that a group is done with, by partition."""
        ...


class Index(Handler):
    """``capacity``: of the index, in posts; None where it is unbounded."""

    def __init__(
        self,
        index: SearchIndex,
        posts: PostProjection,
        creators: CreatorRecords,
        hashtags: Hashtags,
        progress: Progress,
        capacity: int | None,
    ) -> None:
        self._index = index
        self._posts = posts
        self._creators = creators
        self._hashtags = hashtags
        self._progress = progress
        self._capacity = capacity

    @override
    def check(self, received: Received) -> None:
        """Everything readable can be applied."""

    @override
    async def apply(self, batch: Batch) -> None:
        await self._wait_for_writers(batch)
        events = [one.event for one in batch.received]
        posts = [
            one.post_id for one in events if isinstance(one, (PostIngested, ModerationResult))
        ]
        too_old = await self._index_posts(list(dict.fromkeys(posts)))
        creators = [one.user_id for one in events if isinstance(one, UserUpdated)]
        creators += [
            one.author_id
            for one in events
            if isinstance(one, PostIngested) and one.post_id not in too_old
        ]
        await self._index_creators(list(dict.fromkeys(creators)))

    async def fill_if_empty(self) -> None:
        """Fill an index that lost everything from PostgreSQL, the newest posts first."""
        if not await self._index.is_empty():
            return
        filled, before = 0, None
        while self._capacity is None or filled < self._capacity:
            records = await self._posts.newest(limit=CHUNK, before=before)
            if not records:
                break
            await self._index.index_posts(records)
            await self._count_hashtags(records)
            await self._index_creators(list({record.author_id: None for record in records}))
            filled += len(records)
            before = (records[-1].created_at, records[-1].id)
        if filled:
            log.info("index.filled", posts=filled)

    async def _index_posts(self, ids: Sequence[str]) -> Collection[str]:
        """Index posts but for those, whose ids are returned, that the capacity leaves out.

        Behind a flood of posts that is most of a batch by now: not put in only to be trimmed.
        What is still in leaves it, for it will not be kept up to date.
        """
        oldest = await self._oldest_with_room() if ids else None
        too_old: set[str] = set()
        for first in range(0, len(ids), CHUNK):
            found = await self._posts.get_many(ids[first : first + CHUNK])
            records: list[PostRecord] = []
            out: list[PostRecord] = []
            for record in found:
                if record is not None:
                    is_out = oldest is not None and record.created_at < oldest
                    (out if is_out else records).append(record)
            await self._index.leave_out(out)
            await self._index.index_posts(records)
            await self._count_hashtags(records)
            too_old.update(record.id for record in out)
        return too_old

    async def _oldest_with_room(self) -> float | None:
        return None if self._capacity is None else await self._posts.time_of_newest(self._capacity)

    async def _count_hashtags(self, records: Sequence[PostRecord]) -> None:
        hashtags = list({hashtag: None for record in records for hashtag in record.hashtags})
        counts = await self._hashtags.post_counts(hashtags) if hashtags else ()
        await self._index.index_hashtags(dict(zip(hashtags, counts, strict=True)))

    async def _index_creators(self, ids: Sequence[str]) -> None:
        for first in range(0, len(ids), CHUNK):
            found = await self._creators.get_many(ids[first : first + CHUNK])
            await self._index.index_creators([record for record in found if record is not None])

    async def _wait_for_writers(self, batch: Batch) -> None:
        wanted: dict[str, dict[tuple[str, int], int]] = {}
        for place, through in batch.through.items():
            wanted.setdefault(WRITERS[place.topic], {})[place] = next_offset(through)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        for group, places in wanted.items():
            while await self._is_behind(group, places):
                if loop.time() > deadline:
                    raise Unavailable(group, "it has not come as far as the index")
                await asyncio.sleep(LOOK)

    async def _is_behind(self, group: str, places: Mapping[tuple[str, int], int]) -> bool:
        reached = await self._progress.reached(group, list(places))
        return any(reached.get(place, 0) < offset for place, offset in places.items())
