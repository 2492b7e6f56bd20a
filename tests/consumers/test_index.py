"""``index``: waits for those who write what it reads, then indexes their word."""

from collections.abc import Collection, Mapping, Sequence

import pytest

from consumers.handlers import index as index_module
from consumers.handlers.index import Index
from domain.creators import CreatorRecord
from domain.errors import Unavailable
from domain.events import PostIngested
from domain.posts import PostRecord
from domain.topics import POST_INGESTED
from tests.consumers.log import NOON, batch_of
from tests.contracts.events import ingestion, moderation
from tests.fakes.creators import MemoryCreators
from tests.fakes.hashtags import MemoryHashtags
from tests.fakes.posts import MemoryPosts

POSTS_GROUP = "explore-posts"


class MemoryIndex:
    def __init__(self) -> None:
        self.posts: dict[str, int] = {}
        self.creators: set[str] = set()
        self.hashtags: dict[str, int] = {}

    async def is_empty(self) -> bool:
        return not self.posts

    async def index_posts(self, records: Sequence[PostRecord]) -> None:
        for record in records:
            if record.recommendable:
                self.posts[record.id] = record.revision
            else:
                self.posts.pop(record.id, None)

    async def leave_out(self, records: Sequence[PostRecord]) -> None:
        for record in records:
            self.posts.pop(record.id, None)

    async def index_creators(self, records: Sequence[CreatorRecord]) -> None:
        self.creators |= {record.id for record in records}

    async def index_hashtags(self, post_counts: Mapping[str, int]) -> None:
        self.hashtags |= post_counts


class Writers:
    """The consumers that write; ``on_look`` lets them work a little at each look."""

    def __init__(self) -> None:
        self.offset = 0
        self.looks = 0
        self.asked: set[str] = set()

    async def reached(
        self, group: str, places: Collection[tuple[str, int]]
    ) -> Mapping[tuple[str, int], int]:
        self.looks += 1
        self.asked.add(group)
        if self.looks == 3:
            self.offset = 1
        return dict.fromkeys(places, self.offset)


async def known(posts: MemoryPosts, *ids: str) -> None:
    for number, post_id in enumerate(ids):
        created = number - 9.0
        await posts.ingest([ingestion(post_id, tags=["cats"], created=created)])
        await posts.moderate([moderation(post_id, spam_score=0.1)])


def event(post_id: str) -> PostIngested:
    return PostIngested(post_id=post_id, author_id="ann", content="text", created_at=NOON * 1_000)


def index(
    posts: MemoryPosts, documents: MemoryIndex, writers: Writers, capacity: int | None = None
) -> Index:
    creators, hashtags = MemoryCreators(posts), MemoryHashtags(posts)
    return Index(documents, posts, creators, hashtags, writers, capacity)


@pytest.fixture(autouse=True)
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "LOOK", 0.0)


async def test_a_batch_waits_until_the_writers_came_past_it() -> None:
    posts, documents, writers = MemoryPosts(), MemoryIndex(), Writers()
    await known(posts, "p")
    await index(posts, documents, writers).apply(batch_of(POST_INGESTED.name, event("p")))
    assert writers.looks == 3
    assert writers.asked == {POSTS_GROUP}
    assert set(documents.posts) == {"p"}
    assert documents.creators == {"ann"}
    assert documents.hashtags == {"cats": 1}


async def test_writers_that_stay_behind_put_the_batch_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(index_module, "PATIENCE", 0.0)
    documents, writers = MemoryIndex(), Writers()
    writers.looks = 10
    handler = index(MemoryPosts(), documents, writers)
    with pytest.raises(Unavailable, match=POSTS_GROUP):
        await handler.apply(batch_of(POST_INGESTED.name, event("p")))
    assert documents.posts == {}


async def test_what_may_not_be_recommended_is_taken_out() -> None:
    posts, documents, writers = MemoryPosts(), MemoryIndex(), Writers()
    await known(posts, "p")
    handler = index(posts, documents, writers)
    await handler.apply(batch_of(POST_INGESTED.name, event("p")))
    await posts.moderate([moderation("p", 1.0, spam_score=0.99)])
    await handler.apply(batch_of(POST_INGESTED.name, event("p")))
    assert documents.posts == {}


async def test_what_a_person_found_harmless_stays_whatever_machines_say_later() -> None:
    posts, documents = MemoryPosts(), MemoryIndex()
    await known(posts, "p")
    await posts.moderate([moderation("p", 1.0, source="human:mo", spam_score=0.0)])
    await posts.moderate([moderation("p", 2.0, spam_score=0.99)])
    await index(posts, documents, Writers()).apply(batch_of(POST_INGESTED.name, event("p")))
    assert set(documents.posts) == {"p"}


async def test_what_a_bounded_index_has_no_room_for_by_now_is_passed_over() -> None:
    posts, documents = MemoryPosts(), MemoryIndex()
    await known(posts, "oldest", "old", "new")
    await posts.ingest([ingestion("newest", author_id="bob")])
    await posts.moderate([moderation("newest", spam_score=0.1)])
    writers = Writers()
    writers.offset, writers.looks = 9, 9  # far ahead
    handler = index(posts, documents, writers, capacity=2)
    await handler.apply(batch_of(POST_INGESTED.name, *map(event, ("oldest", "old"))))
    assert (set(documents.posts), documents.creators, documents.hashtags) == (set(), set(), {})
    await handler.apply(batch_of(POST_INGESTED.name, *map(event, ("old", "new", "newest"))))
    assert set(documents.posts) == {"new", "newest"}


async def test_what_changes_leaves_a_bounded_index_that_has_no_room_for_it_by_now() -> None:
    posts, documents, writers = MemoryPosts(), MemoryIndex(), Writers()
    writers.offset, writers.looks = 9, 9  # far ahead
    handler = index(posts, documents, writers, capacity=1)
    await known(posts, "old")
    await handler.apply(batch_of(POST_INGESTED.name, event("old")))
    await known(posts, "p", "new")
    await handler.apply(batch_of(POST_INGESTED.name, event("new")))
    assert set(documents.posts) == {"old", "new"}  # it is trimmed in steps
    await posts.ingest([ingestion("old", 1.0, content="edited", created=-9.0)])
    await handler.apply(batch_of(POST_INGESTED.name, event("old")))
    assert set(documents.posts) == {"new"}


async def test_what_may_not_be_recommended_leaves_a_bounded_index_however_old_it_is() -> None:
    posts, documents = MemoryPosts(), MemoryIndex()
    await known(posts, "old")
    handler = index(posts, documents, Writers(), capacity=1)
    await handler.apply(batch_of(POST_INGESTED.name, event("old")))
    await known(posts, "p", "new")
    await posts.moderate([moderation("old", 1.0, spam_score=0.99)])
    assert set(documents.posts) == {"old"}
    await handler.apply(batch_of(POST_INGESTED.name, event("old")))
    assert documents.posts == {}


@pytest.mark.parametrize(("capacity", "filled"), [(None, 3), (2, 3)])
async def test_an_empty_index_is_filled_newest_first(capacity: int | None, filled: int) -> None:
    posts, documents = MemoryPosts(), MemoryIndex()
    await known(posts, "old", "new", "newest")
    handler = index(posts, documents, Writers(), capacity)
    await handler.fill_if_empty()
    assert len(documents.posts) == filled
    assert documents.hashtags == {"cats": 3}
    documents.hashtags = {}
    await handler.fill_if_empty()
    assert documents.hashtags == {}
