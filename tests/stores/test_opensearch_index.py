"""The index: versions guard it, only what is recommendable is in it, its size may be bounded."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping

import pytest
from structlog.testing import capture_logs

from domain.creators import CreatorRecord
from domain.errors import Unavailable
from domain.moderation import ReviewStatus, SafetyScores
from domain.ports.search import SearchQuery, Suggestion
from domain.posts import PostRecord
from stores.opensearch_client import OpenSearchClient
from stores.opensearch_index import OpenSearchIndex
from stores.opensearch_mappings import HASHTAGS, INDICES
from stores.opensearch_room import Room
from stores.opensearch_search import OpenSearchSearch
from tests.engines_fixture import Engines

pytestmark = pytest.mark.integration
NOON = 1_790_000_000.0


def post(
    post_id: str, revision: int, text: str, *, at: float = 0.0, good: bool = True
) -> PostRecord:
    return PostRecord(
        id=post_id,
        revision=revision,
        author_id="ann",
        title=None,
        text=text,
        url=None,
        language=None,
        region=None,
        created_at=NOON + at,
        categories=(),
        hashtags=("tag",),
        media=(),
        status=ReviewStatus.AUTO_APPROVED if good else ReviewStatus.REJECTED,
        scores=SafetyScores(spam=0.0),
    )


@pytest.fixture
async def client(engines: Engines) -> AsyncGenerator[OpenSearchClient, None]:
    found = OpenSearchClient(engines.opensearch_url, timeout=10.0)
    yield found
    await found.close()


@pytest.fixture
def prefix(unique: Callable[[str], str]) -> str:
    return unique("explore")


@pytest.fixture
def search(client: OpenSearchClient, prefix: str) -> OpenSearchSearch:
    return OpenSearchSearch(client, lambda: NOON, prefix=prefix)


@pytest.fixture
async def index(client: OpenSearchClient, prefix: str) -> OpenSearchIndex:
    made = OpenSearchIndex(client, prefix=prefix)
    await made.ensure()
    await made.ensure()
    return made


async def found(index: OpenSearchIndex, search: OpenSearchSearch, text: str) -> list[str]:
    await index.refresh()
    return sorted(hit.id for hit in (await search.posts(SearchQuery(text, 100))).hits)


async def test_the_highest_revision_stays(
    index: OpenSearchIndex, search: OpenSearchSearch
) -> None:
    await index.index_posts([post("p1", 5, "new")])
    await index.index_posts([post("p1", 4, "old"), post("p2", 1, "old")])
    assert await found(index, search, "new") == ["p1"]
    assert await found(index, search, "old") == ["p2"]
    await index.index_posts([post("p1", 6, "newer"), post("p1", 6, "newer")])
    assert await found(index, search, "newer") == ["p1"]


async def test_what_is_withdrawn_goes_and_an_older_word_does_not_bring_it_back(
    index: OpenSearchIndex, search: OpenSearchSearch
) -> None:
    await index.index_posts([post("p1", 5, "word"), post("p9", 1, "word", good=False)])
    assert await found(index, search, "word") == ["p1"]
    await index.index_posts([post("p1", 6, "word", good=False)])
    await index.index_posts([post("p1", 5, "word")])
    assert await found(index, search, "word") == []
    await index.index_posts([])


async def test_an_index_is_empty_until_it_holds_a_post(index: OpenSearchIndex) -> None:
    assert await index.is_empty()
    await index.index_posts([post("p1", 1, "word")])
    await index.refresh()
    assert not await index.is_empty()


async def test_creators_change_within_a_revision_and_go_when_deleted(
    index: OpenSearchIndex, search: OpenSearchSearch
) -> None:
    ann = CreatorRecord(id="u1", revision=3, handle="ann", display_name="Ann", follower_count=1)
    await index.index_creators([ann])
    await index.index_creators(
        [CreatorRecord(id="u1", revision=3, handle="ann", display_name="Ann", follower_count=9)]
    )
    await index.refresh()
    assert [hit.id for hit in (await search.creators(SearchQuery("ann", 5))).hits] == ["u1"]
    await index.index_creators(
        [CreatorRecord(id="u1", revision=4, handle="u1", display_name="u1", deleted=True)]
    )
    await index.refresh()
    assert list((await search.creators(SearchQuery("ann", 5))).hits) == []


async def test_hashtags_are_ordered_by_their_posts(
    index: OpenSearchIndex, search: OpenSearchSearch
) -> None:
    counts: Mapping[str, int] = {"catnap": 2, "catalog": 7, "cat": 1, "catfish": 3}
    await index.index_hashtags(counts)
    await index.index_hashtags({"catfish": 0})
    await index.refresh()
    hits = await search.hashtags(SearchQuery("cat", 5))
    assert [hit.id for hit in hits.hits] == ["cat", "catalog", "catnap"]
    assert await search.suggest("cata", 5) == [Suggestion("catalog", "HASHTAGS")]


async def test_a_document_that_does_not_fit_does_not_keep_out_the_others(
    index: OpenSearchIndex, search: OpenSearchSearch
) -> None:
    endless = post("p1", 1, "word", at=1e15)  # a date that no index can hold
    await index.index_posts([endless, post("p2", 1, "word")])
    assert "p2" in await found(index, search, "word")


async def test_a_bounded_index_keeps_the_newest_posts(
    client: OpenSearchClient, prefix: str, search: OpenSearchSearch
) -> None:
    index = OpenSearchIndex(client, prefix=prefix, capacity=10)
    await index.ensure()
    for start in range(0, 40, 4):
        await index.index_posts(
            [post(f"p{n:02}", 1, "word", at=n) for n in range(start, start + 4)]
        )
    kept = await found(index, search, "word")
    assert 10 <= len(kept) <= 15
    assert kept[-10:] == [f"p{n}" for n in range(30, 40)]
    await index.index_posts([post("p00", 2, "word", at=0)])
    assert "p00" not in await found(index, search, "word")


async def test_a_bounded_index_keeps_the_first_creators_and_what_becomes_of_them(
    client: OpenSearchClient, prefix: str, search: OpenSearchSearch
) -> None:
    def creator(identifier: str, revision: int, name: str, *, gone: bool = False) -> CreatorRecord:
        return CreatorRecord(
            id=identifier, revision=revision, handle=name, display_name=name, deleted=gone
        )

    async def shown(text: str) -> list[str]:
        await index.refresh()
        return sorted(hit.id for hit in (await search.creators(SearchQuery(text, 20))).hits)

    index = OpenSearchIndex(client, prefix=prefix, capacity=3)
    await index.ensure()
    await index.index_creators([creator(f"c{n}", 1, "first") for n in range(5)])
    assert await shown("first") == ["c0", "c1", "c2"]
    index = OpenSearchIndex(client, prefix=prefix, capacity=3)  # of a process that starts anew
    await index.index_creators([creator(f"c{n}", 2, "second") for n in (4, 2)])
    assert await shown("second") == ["c2"]
    await index.index_creators([creator("c0", 2, "second", gone=True), creator("c4", 3, "third")])
    assert (await shown("first"), await shown("third")) == (["c1"], ["c4"])


async def test_a_bounded_index_keeps_the_first_hashtags_and_begins_again_when_made_again(
    client: OpenSearchClient, prefix: str, search: OpenSearchSearch
) -> None:
    async def known() -> list[str]:
        await index.refresh()
        return sorted(hit.id for hit in (await search.hashtags(SearchQuery("cat", 20))).hits)

    index = OpenSearchIndex(client, prefix=prefix, capacity=2)
    await index.ensure()
    await index.index_hashtags({"cat": 1, "cats": 2, "catalog": 3})
    assert await known() == ["cat", "cats"]
    await index.index_hashtags({"cat": 0, "catalog": 3, "catnap": 1})
    assert await known() == ["catalog", "cats"]
    names = [one.index(prefix) for one in INDICES]
    await client.delete_indices(names)
    await index.ensure()
    await index.index_hashtags({"catnap": 1, "cats": 2})
    assert await known() == ["catnap", "cats"]


async def test_a_bounded_index_notices_what_others_made_of_it(
    client: OpenSearchClient, prefix: str, search: OpenSearchSearch
) -> None:
    index, other = (OpenSearchIndex(client, prefix=prefix, capacity=2) for _ in range(2))
    await index.ensure()
    await index.index_hashtags({"cat": 1, "cats": 1})
    await other.index_hashtags({"cat": 0, "cats": 0, "catnap": 1})
    await index.index_hashtags({"catnap": 2})
    await index.ensure()
    await index.index_hashtags({"catnap": 2, "catalog": 1, "cats": 1})
    await index.refresh()
    hits = await search.hashtags(SearchQuery("cat", 20))
    assert sorted(hit.id for hit in hits.hits) == ["catalog", "catnap"]


async def test_two_that_ask_at_once_share_the_room_of_a_bounded_index(
    client: OpenSearchClient, prefix: str
) -> None:
    await OpenSearchIndex(client, prefix=prefix).ensure()
    room = Room(client, HASHTAGS.alias(prefix), 2)
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(room.admitted([*pair])) for pair in ("ab", "cd")]
    admitted = [name for each in asked for name in each.result()]
    assert len(admitted) == 2
    assert sorted(await room.admitted(admitted)) == sorted(admitted)


async def test_an_index_that_is_not_there_is_never_made_by_accident(
    client: OpenSearchClient, prefix: str, search: OpenSearchSearch
) -> None:
    index = OpenSearchIndex(client, prefix=prefix)
    for write in (index.index_posts([post("p1", 1, "word")]), index.index_hashtags({"a": 0})):
        with pytest.raises(Unavailable, match="index_not_found_exception"):
            await write
    with pytest.raises(Unavailable, match="index_not_found_exception"):
        await search.posts(SearchQuery("word", 1))
    with pytest.raises(Unavailable, match="index_not_found_exception"):
        await search.suggest("wo", 1)
    assert await index.is_empty()
    await index.ensure()
    await index.index_posts([post("p1", 1, "word")])
    assert await found(index, search, "word") == ["p1"]


async def test_an_engine_that_is_away_is_unavailable() -> None:
    client = OpenSearchClient("http://127.0.0.1:1", timeout=1.0)
    with pytest.raises(Unavailable, match="opensearch is unavailable"):
        await OpenSearchIndex(client).is_empty()
    with pytest.raises(Unavailable, match="opensearch is unavailable"):
        await OpenSearchSearch(client, lambda: NOON).posts(SearchQuery("x", 1))
    await client.close()


async def test_a_bound_is_said_once(client: OpenSearchClient, prefix: str) -> None:
    index = OpenSearchIndex(client, prefix=prefix, capacity=10)
    with capture_logs() as said:
        await index.ensure()
        await index.ensure()
    assert [(line["event"], line["newest_posts_kept"]) for line in said] == [("index.bounded", 10)]
