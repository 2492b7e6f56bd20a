"""What a post's new record moves: lists by time, trending lists, its author's counts."""

from collections.abc import Iterator, Mapping, Sequence

from consumers.trending_lists import MAX_CATEGORIES
from domain import pools
from domain.eligibility import is_public
from domain.ports.pools import PoolWrite
from domain.posts import PostRecord

Records = Mapping[str, PostRecord]
# What lists and counts may still say of each post; None: nothing, or what nobody knows.
Earlier = Mapping[str, Sequence[PostRecord | None]]


def list_writes(earlier: Earlier, after: Records) -> list[PoolWrite]:
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


def removals(earlier: Earlier, after: Records) -> list[PoolWrite]:
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


def recounted(earlier: Earlier, after: Records) -> set[str]:
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


def moves(before: PostRecord | None, after: PostRecord) -> bool:
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
