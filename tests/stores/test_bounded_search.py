"""An index of the newest posts and PostgreSQL's full text: together they find every post."""

from collections.abc import AsyncGenerator, Callable

import pytest

from domain.ports.search import SearchQuery, Suggestion
from services.search_engines import SearchEngines
from stores.opensearch_client import OpenSearchClient
from stores.opensearch_index import OpenSearchIndex
from stores.opensearch_search import OpenSearchSearch
from stores.postgres_pool import PostgresPool
from stores.postgres_search import PostgresSearch
from tests.contracts.adapters import in_postgres
from tests.contracts.events import NOON, ingestion, moderation
from tests.engines_fixture import Engines

pytestmark = pytest.mark.integration
CAPACITY = 10
POSTS = 40


@pytest.fixture
async def search(
    engines: Engines,
    unique: Callable[[str], str],
    postgres_of_api: PostgresPool,
    postgres_of_worker: PostgresPool,
) -> AsyncGenerator[SearchEngines, None]:
    """Of forty posts, of which the index holds a good quarter; `p00` is the newest."""
    adapters = in_postgres(api=postgres_of_api, worker=postgres_of_worker)
    names = [f"p{number:02}" for number in range(POSTS)]
    await adapters.posts.ingest(
        [
            ingestion(name, title=f"Note {name}", content="Coffee", created=-60.0 * number)
            for number, name in enumerate(names)
        ]
    )
    await adapters.posts.moderate([moderation(name, spam_score=0.0) for name in names])
    client = OpenSearchClient(engines.opensearch_url, timeout=10.0)
    prefix = unique("explore")
    index = OpenSearchIndex(client, prefix=prefix, capacity=CAPACITY)
    await index.ensure()
    records = [record for record in await adapters.posts.get_many(names) if record]
    for first in range(0, POSTS, 4):
        await index.index_posts(records[first : first + 4])
    await index.refresh()
    yield SearchEngines(
        OpenSearchSearch(client, lambda: NOON, prefix=prefix),
        PostgresSearch(postgres_of_api),
        first_is_bounded=True,
    )
    await client.close()


async def test_posts_beyond_the_bound_are_found_and_counted(search: SearchEngines) -> None:
    found, lack = await search.posts(SearchQuery("coffee", 200))
    assert lack is None
    ids = [hit.id for hit in found.hits]
    assert sorted(ids) == [f"p{number:02}" for number in range(POSTS)]
    assert found.total == POSTS
    assert set(ids[:CAPACITY]) == {f"p{number:02}" for number in range(CAPACITY)}
    assert all("<mark>Coffee</mark>" in " ".join(hit.highlights) for hit in found.hits)


async def test_titles_beyond_the_bound_are_suggested(search: SearchEngines) -> None:
    assert list(await search.suggest("note p39", 5)) == [Suggestion("Note p39", "POSTS", "p39")]
