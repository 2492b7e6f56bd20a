"""Search: in memory, in PostgreSQL and in OpenSearch."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypedDict

import pytest
from typing_extensions import Unpack

from domain.ports.creators import StoredUser
from domain.ports.hashtags import HashtagUse
from domain.ports.posts import StoredIngestion, StoredModeration
from domain.ports.search import Search, SearchQuery, Suggestion
from stores.opensearch_client import OpenSearchClient
from stores.opensearch_index import OpenSearchIndex
from stores.opensearch_search import OpenSearchSearch
from stores.postgres_pool import PostgresPool
from stores.postgres_search import PostgresSearch
from tests.contracts.adapters import Adapters, in_memory, in_postgres
from tests.contracts.events import NOON, ingestion, moderation, user
from tests.engines_fixture import Engines
from tests.fakes.posts import MemoryPosts
from tests.fakes.search import MemorySearch


@dataclass(frozen=True, slots=True)
class World:
    posts: Sequence[StoredIngestion]
    results: Sequence[StoredModeration]
    users: Sequence[StoredUser]


@dataclass(frozen=True, slots=True)
class Searched:
    """A search, and how the world that it searches comes about."""

    search: Search
    hold: Callable[[World], Awaitable[None]]


async def fill(adapters: Adapters, world: World) -> None:
    await adapters.posts.ingest(world.posts)
    await adapters.posts.moderate(world.results)
    await adapters.creators.update(world.users)
    await adapters.hashtags.use(
        [
            HashtagUse(tag, post.event.author_id, post.event.post_id, NOON, None)
            for post in world.posts
            for tag in post.event.tags
        ]
    )


@pytest.fixture
def in_memory_search() -> Searched:
    adapters = in_memory()
    assert isinstance(adapters.posts, MemoryPosts)
    return Searched(MemorySearch(adapters.posts, adapters.creators), partial(fill, adapters))


@pytest.fixture
def in_postgres_search(
    postgres_of_api: PostgresPool, postgres_of_worker: PostgresPool
) -> Searched:
    adapters = in_postgres(api=postgres_of_api, worker=postgres_of_worker)
    return Searched(PostgresSearch(postgres_of_api), partial(fill, adapters))


@pytest.fixture
async def in_opensearch_search(
    engines: Engines, unique: Callable[[str], str]
) -> AsyncGenerator[Searched, None]:
    adapters = in_memory()
    client = OpenSearchClient(engines.opensearch_url, timeout=10.0)
    prefix = unique("explore")
    index = OpenSearchIndex(client, prefix=prefix)

    async def hold(world: World) -> None:
        await fill(adapters, world)
        await index.ensure()
        assert await index.is_empty()
        records = await adapters.posts.get_many([post.event.post_id for post in world.posts])
        await index.index_posts([record for record in records if record])
        authors = await adapters.creators.get_many([one.event.user_id for one in world.users])
        await index.index_creators([record for record in authors if record])
        await index.refresh()

    yield Searched(OpenSearchSearch(client, lambda: NOON, prefix=prefix), hold)
    await client.close()


@pytest.fixture(
    params=[
        "in_memory_search",
        pytest.param("in_postgres_search", marks=pytest.mark.integration),
        pytest.param("in_opensearch_search", marks=pytest.mark.integration),
    ]
)
def searched(request: pytest.FixtureRequest) -> Searched:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Searched)
    return found


@pytest.fixture
async def search(searched: Searched) -> Search:
    """Posts p0 to p5, of which p4 is rejected as spam and p5 is unclassified."""
    posts = [
        ingestion(
            "p0",
            title="Espresso machines <compared>",
            content="Which grinder & machine pulls the best shot?",
            tags=["coffee"],
            categories={"food": 1.0},
            language="en",
            region="IT",
            created=-3_600,
            author_id="barista",
        ),
        ingestion("p1", title="Growing tomatoes", content="On a balcony", created=-7_200),
        ingestion(
            "p2", title="Sailing notes", content="A coffee at dawn", tags=["sea"], language="en-GB"
        ),
        ingestion("p3", content="No title, only AND OR NOT (text*)", language="de", created=-9e6),
        ingestion("p4", title="Espresso for free", content="Buy espresso", tags=["coffee-deal"]),
        ingestion("p5", title="Espresso unseen", tags=["coffeeless"]),
    ]
    results = [moderation(f"p{n}", spam_score=0.0) for n in range(4)]
    users = [
        user("barista", handle="TheBarista", name="Bea Rista"),
        user("ann", handle="ann", name="Ann O'Nym"),
    ]
    await searched.hold(World(posts, [*results, moderation("p4", spam_score=0.99)], users))
    return searched.search


class Filters(TypedDict, total=False):
    category: str
    hashtag: str
    language: str
    region: str


async def ids(search: Search, text: str, **filters: Unpack[Filters]) -> list[str]:
    return sorted(hit.id for hit in (await search.posts(SearchQuery(text, 10, **filters))).hits)


async def test_words_are_found_in_titles_texts_and_hashtags(search: Search) -> None:
    assert await ids(search, "espresso") == ["p0"]
    assert await ids(search, "coffee") == ["p0", "p2"]
    assert await ids(search, "TOMATOES balcony") == ["p1"]
    assert await ids(search, "nothing of the kind") == []


async def test_typing_mistakes_are_forgiven(search: Search) -> None:
    assert await ids(search, "expresso") == ["p0"]
    assert await ids(search, "tomatos") == ["p1"]


@pytest.mark.parametrize(
    "text",
    ["AND OR NOT (text*)", "\"'(text", "text*)", "a:b AND", "\\", "%", "{}", "_id:p1", "\0"],
)
async def test_query_syntax_is_only_text(search: Search, text: str) -> None:
    assert await ids(search, text) in ([], ["p3"])


async def test_filters_narrow(search: Search) -> None:
    assert await ids(search, "coffee", category="food") == ["p0"]
    assert await ids(search, "coffee", hashtag="sea") == ["p2"]
    assert await ids(search, "coffee", language="en") == ["p0", "p2"]
    assert await ids(search, "coffee", language="en-gb") == ["p2"]
    assert await ids(search, "coffee", language="e") == []
    assert await ids(search, "coffee", region="IT") == ["p0"]
    assert await ids(search, "coffee", region="FR") == []
    later = SearchQuery("coffee", 10, since=NOON - 1_000)
    assert [hit.id for hit in (await search.posts(later)).hits] == ["p2"]
    earlier = SearchQuery("coffee", 10, until=NOON - 1_000)
    assert [hit.id for hit in (await search.posts(earlier)).hits] == ["p0"]


async def test_totals_and_limits(search: Search) -> None:
    hits = await search.posts(SearchQuery("coffee", 1))
    assert (len(hits.hits), hits.total) == (1, 2)
    nothing = await search.posts(SearchQuery("zebra", 1))
    assert (list(nothing.hits), nothing.total) == ([], 0)


async def test_highlights_mark_the_match_and_escape_the_rest(search: Search) -> None:
    (hit,) = (await search.posts(SearchQuery("espresso", 5))).hits
    joined = " ".join(hit.highlights)
    assert "<mark>Espresso</mark> machines &lt;compared&gt;" in joined
    (hit,) = (await search.posts(SearchQuery("grinder", 5))).hits
    assert "<mark>grinder</mark> &amp; machine" in " ".join(hit.highlights)


async def test_a_word_that_is_spelled_otherwise_is_marked_too(search: Search) -> None:
    (hit,) = (await search.posts(SearchQuery("expresso", 5))).hits
    joined = " ".join(hit.highlights)
    assert joined.startswith("<mark>Espresso</mark> machines &lt;compared&gt;")
    assert joined.count("<mark>") == 1
    (hit,) = (await search.posts(SearchQuery("growing tomatos", 5))).hits
    joined = " ".join(hit.highlights)
    assert joined.startswith("<mark>Growing</mark> <mark>tomatoes</mark>")


async def test_creators_by_handle_and_name(search: Search) -> None:
    for text in ("thebarista", "@TheBarista", "bea", "TheBar"):
        assert [hit.id for hit in (await search.creators(SearchQuery(text, 5))).hits] == [
            "barista"
        ]
    assert [hit.id for hit in (await search.creators(SearchQuery("ann", 5))).hits] == ["ann"]
    assert list((await search.creators(SearchQuery("", 5))).hits) == []


async def test_hashtags_of_recommendable_posts_only(search: Search) -> None:
    found = await search.hashtags(SearchQuery("#Coffee", 5))
    assert [hit.id for hit in found.hits] == ["coffee"]
    assert list((await search.hashtags(SearchQuery("%", 5))).hits) == []


async def test_suggestions_mix_kinds(search: Search) -> None:
    assert list(await search.suggest("cof", 5)) == [Suggestion("coffee", "HASHTAGS")]
    titled = [one for one in await search.suggest("grow", 5) if one.kind == "POSTS"]
    (post,) = (await search.posts(SearchQuery("growing tomatoes", 5))).hits
    assert titled == [Suggestion("Growing tomatoes", "POSTS", post.id)]
    assert Suggestion("TheBarista", "CREATORS") in await search.suggest("theba", 5)
    assert list(await search.suggest(" ", 5)) == []
    assert len(await search.suggest("s", 1)) == 1
