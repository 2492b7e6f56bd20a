"""What follows from a change of posts: cache, lists, the change feed, their authors' counts.

Two consumers change posts and may meet at one. Each writes the latest record it finds, and looks
whether a later one came meanwhile: then it writes again what that one says.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from consumers.creator_counts import CreatorCounts
from consumers.trending_lists import MAX_CATEGORIES
from consumers.trimming import Trimming
from domain import pools
from domain.eligibility import is_public
from domain.events import MILLISECONDS, EngagementType, EngagementUpdated
from domain.ports import EventPublisher, PoolWrite, PoolWriter, PostRecordCache, PostRecords
from domain.posts import PostRecord
from runtime.clock import Clock

MAX_ROUNDS: Final = 5  # of writing what came meanwhile; the next change does the rest

Records = Mapping[str, PostRecord]


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

    async def follow(self, post_ids: Sequence[str]) -> None:
        """Make everything derived from these posts say what the projection says."""
        ids = list(dict.fromkeys(post_ids))
        before = _by_id(await self._cache.held(ids))
        for _ in range(MAX_ROUNDS):
            after = _by_id(await self._projection.get_many(ids))
            await self._cache.put_many(list(after.values()))
            writes = _list_writes(before, after)
            await self._lists.write(writes)
            await self._trimming.after(writes)
            await self._lists.announce(posts=list(after))
            await self._publisher.publish(
                [
                    _look_again(one, self._clock.now())
                    for one in after.values()
                    if _moves(before.get(one.id), one)
                ]
            )
            self._creators.note(_recounted(before, after))
            now = _by_id(await self._cache.held(ids))
            ids = [
                one.id
                for one in now.values()
                if one.id in after and one.revision > after[one.id].revision
            ]
            if not ids:
                return
            before = after


def _by_id(records: Sequence[PostRecord | None]) -> dict[str, PostRecord]:
    return {record.id: record for record in records if record is not None}


def _list_writes(before: Records, after: Records) -> list[PoolWrite]:
    put: dict[str, dict[str, float]] = {}
    remove: dict[str, list[str]] = {}
    for post_id, record in after.items():
        wanted = set(_lists(record))
        for name in wanted:
            put.setdefault(name, {})[post_id] = record.created_at
        old = before.get(post_id)
        possible = {*_all_lists(record), *(_all_lists(old) if old else ())}
        for name in possible - wanted:
            remove.setdefault(name, []).append(post_id)
    names = sorted({*put, *remove})
    return [PoolWrite(name, put.get(name, {}), remove.get(name, ())) for name in names]


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


def _recounted(before: Records, after: Records) -> set[str]:
    """Authors whose counts of posts and categories may have changed."""
    pairs = [(before.get(post_id), record) for post_id, record in after.items()]
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
