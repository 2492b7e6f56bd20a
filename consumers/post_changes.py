"""What follows from a change of posts: cache, lists, the change feed, their authors' counts.

Two consumers change posts and may meet at one. Each writes the latest record it finds, and looks
whether a later one came meanwhile: then it writes again what that one says.

What changed is told by what was there before. That is looked up ahead of the change, and known
until everything follows: an outage in between must not make the new record pass for the old one.
After a crash nobody knows it. So what leaves a list does so before the cache says what changed,
and the posts whose trending lists may have to change are noted in Redis until their owner is told.
"""

from collections.abc import Sequence
from itertools import compress
from typing import Final

from consumers.creator_counts import CreatorCounts
from consumers.post_moves import Earlier, Records, list_writes, moves, recounted, removals
from consumers.trimming import Trimming
from domain.events import MILLISECONDS, EngagementType, EngagementUpdated
from domain.ports.event_publisher import EventPublisher
from domain.ports.pools import PoolWriter
from domain.ports.posts import PostRecordCache, PostRecords
from domain.posts import PostRecord
from runtime.clock import Clock

MAX_ROUNDS: Final = 5  # of writing what came meanwhile; the next change does the rest
MAX_REMEMBERED: Final = 10_000  # posts; more than a batch has are left over from lost partitions


class PostChanges:
    def __init__(
        self,
        projection: PostRecords,
        cache: PostRecordCache,
        lists: PoolWriter,
        publisher: EventPublisher,
        creators: CreatorCounts,
        clock: Clock,
    ) -> None:
        self._projection = projection
        self._cache = cache
        self._lists = lists
        self._publisher = publisher
        self._creators = creators
        self._clock = clock
        self._trimming = Trimming(lists)
        self._earlier: dict[str, list[PostRecord | None]] = {}
        self._owed: set[str] = set()  # posts that somebody died over

    async def expect(self, post_ids: Sequence[str]) -> None:
        """Look these posts up before they change: soon the cache may hold what they became."""
        ids = list(dict.fromkeys(post_ids))
        held = await self._cache.held(ids)
        owed = await self._cache.owed(ids)
        if len(self._earlier) > MAX_REMEMBERED:
            self._earlier.clear()
        self._owed = set(compress(ids, owed))
        for post_id, record in zip(ids, held, strict=True):
            if post_id in self._owed:
                self._remember(post_id, None)
            self._remember(post_id, record)

    async def follow(self, post_ids: Sequence[str]) -> None:
        """Make everything derived from these posts say what the projection says.

        One that was not expected may have been anything before.
        """
        ids = list(dict.fromkeys(post_ids))
        for _ in range(MAX_ROUNDS):
            after = _by_id(await self._projection.get_many(ids))
            earlier = {one: tuple(self._earlier.setdefault(one, [None])) for one in after}
            for post_id, record in after.items():  # once it is written anywhere, it was there
                self._remember(post_id, record)
            await self._write(earlier, after)
            now = _by_id(await self._cache.held(ids))
            for post_id in ids:
                self._earlier.pop(post_id, None)
            ids = [
                one.id
                for one in now.values()
                if one.id in after and one.revision > after[one.id].revision
            ]
            if not ids:
                return
            for post_id in ids:
                self._remember(post_id, after[post_id])

    def _remember(self, post_id: str, record: PostRecord | None) -> None:
        earlier = self._earlier.setdefault(post_id, [])
        if record not in earlier:
            earlier.append(record)

    async def _write(self, earlier: Earlier, after: Records) -> None:
        moving = [
            one
            for one in after.values()
            if one.id in self._owed or any(moves(old, one) for old in earlier[one.id])
        ]
        moving_ids = [one.id for one in moving]
        await self._lists.write(removals(earlier, after))
        await self._cache.owe(moving_ids)
        await self._cache.put_many(list(after.values()))
        writes = list_writes(earlier, after)
        await self._lists.write(writes)
        await self._trimming.after(writes)
        await self._lists.announce(posts=list(after))
        now = self._clock.now()
        await self._publisher.publish([_look_again(one, now) for one in moving])
        await self._cache.settle(moving_ids)
        self._owed.difference_update(moving_ids)
        self._creators.note(recounted(earlier, after))


def _by_id(records: Sequence[PostRecord | None]) -> dict[str, PostRecord]:
    return {record.id: record for record in records if record is not None}


def _look_again(record: PostRecord, at: float) -> EngagementUpdated:
    """Asks the owner of the post's counters to look at it."""
    return EngagementUpdated(
        post_id=record.id, type=EngagementType.VIEW, delta=0, timestamp=round(at * MILLISECONDS)
    )
