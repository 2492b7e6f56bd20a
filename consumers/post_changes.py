"""What follows from a change of posts: cache, lists, the change feed, their authors' counts.

Two consumers change posts and may meet at one. Each writes the latest record it finds, and looks
whether a later one came meanwhile: then it writes again what that one says.

What changed is told by what was there before. That is looked up ahead of the change, and known
until everything follows: an outage in between must not make the new record pass for the old one.
After a crash nobody knows it. So what leaves a list does so before the cache says what changed,
and the posts whose trending lists may have to change are noted in Redis until their owner is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import compress
from typing import Final

from consumers.creator_counts import CreatorCounts
from consumers.trending_lists import MAX_CATEGORIES
from consumers.trimming import Trimming
from domain import pools
from domain.eligibility import is_public
from domain.events import MILLISECONDS, EngagementType, EngagementUpdated
from domain.ports.event_publisher import EventPublisher
from domain.ports.pools import PoolWrite, PoolWriter
from domain.ports.posts import PostRecordCache, PostRecords
from domain.posts import PostRecord
from runtime.clock import Clock

MAX_ROUNDS: Final = 5  # of writing what came meanwhile; the next change does the rest
MAX_REMEMBERED: Final = 10_000  # posts; more than a batch has are left over from lost partitions

Records = Mapping[str, PostRecord]
# What lists and counts may still say of each post; None: nothing, or what nobody knows.
Earlier = Mapping[str, Sequence[PostRecord | None]]


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
            if one.id in self._owed or any(_moves(old, one) for old in earlier[one.id])
        ]
        moving_ids = [one.id for one in moving]
        await self._lists.write(_removals(earlier, after))
        await self._cache.owe(moving_ids)
        await self._cache.put_many(list(after.values()))
        writes = _list_writes(earlier, after)
        await self._lists.write(writes)
        await self._trimming.after(writes)
        await self._lists.announce(posts=list(after))
        now = self._clock.now()
        await self._publisher.publish([_look_again(one, now) for one in moving])
        await self._cache.settle(moving_ids)
        self._owed.difference_update(moving_ids)
        self._creators.note(_recounted(earlier, after))


def _by_id(records: Sequence[PostRecord | None]) -> dict[str, PostRecord]:
    return {record.id: record for record in records if record is not None}


def _list_writes(earlier: Earlier, after: Records) -> list[PoolWrite]:
    put: dict[str, dict[str, float]] = {}
    remove: dict[str, list[str]] = {}
    for post_id, record in after.items():
        wanted = set(_lists(record))
        for name in wanted:
            put.setdefault(name, {})[post_id] = record.created_at
        for name in {*_all_lists(record), *_past_lists(earlier[post_id])} - wanted:
            remove.setdefault(name, []).append(post_id)
    names = sorted({*put, *remove})
    return [PoolWrite(name, put.get(name, {}), remove.get(name, ())) for name in names]


def _removals(earlier: Earlier, after: Records) -> list[PoolWrite]:
    """From lists that the new records do not name any more."""
    remove: dict[str, list[str]] = {}
    for post_id, record in after.items():
        for name in _past_lists(earlier[post_id]) - set(_all_lists(record)):
            remove.setdefault(name, []).append(post_id)
    return [PoolWrite(name, {}, remove[name]) for name in sorted(remove)]


def _past_lists(earlier: Sequence[PostRecord | None]) -> set[str]:
    return {name for old in earlier if old is not None for name in _all_lists(old)}


def _lists(record: PostRecord) -> Iterator[str]:
    """The lists by time that the post is in."""
    if not record.deleted and is_public(record.status):
        yield pools.by_author(record.author_id)
    if record.recommendable:
        yield pools.fresh()
        for category in record.categories[:MAX_CATEGORIES]:
            yield pools.fresh(category.slug)


def _all_lists(record: PostRecord) -> Iterator[str]:
    """The lists by time that a post with this record can be in."""
    yield pools.by_author(record.author_id)
    yield pools.fresh()
    for category in record.categories[:MAX_CATEGORIES]:
        yield pools.fresh(category.slug)


def _recounted(earlier: Earlier, after: Records) -> set[str]:
    """Authors whose counts of posts and categories may have changed."""
    pairs = [(old, record) for post_id, record in after.items() for old in earlier[post_id]]
    return {
        record.author_id
        for old, new in pairs
        if old is None or _counted(old) != _counted(new)
        for record in (old, new)
        if record is not None
    }


def _counted(record: PostRecord) -> tuple[object, ...]:
    """What a post adds to its author's counts."""
    if not record.visible_to(None):
        return ()
    return (record.author_id, *(category.slug for category in record.categories))


def _moves(before: PostRecord | None, after: PostRecord) -> bool:
    """Whether the trending lists of the post may have to change.

    A new post that may not be recommended was in none. What left the cache may have been.
    """
    if before is None:
        return after.recommendable or after.deleted or not is_public(after.status)
    if not (before.recommendable or after.recommendable):
        return False
    return _trending_facts(before) != _trending_facts(after)


def _trending_facts(record: PostRecord) -> tuple[object, ...]:
    slugs = tuple(category.slug for category in record.categories)
    return (record.recommendable, slugs, record.hashtags, record.region)


def _look_again(record: PostRecord, at: float) -> EngagementUpdated:
    """Asks the owner of the post's counters to look at it."""
    return EngagementUpdated(
        post_id=record.id, type=EngagementType.VIEW, delta=0, timestamp=round(at * MILLISECONDS)
    )
