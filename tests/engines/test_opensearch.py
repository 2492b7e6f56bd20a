"""What the product relies on in OpenSearch; the embedded look-alike is a different program."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

import httpx
import msgspec
import pytest

from tests.engines_fixture import Engines

pytestmark = pytest.mark.integration

MAPPING = {
    "settings": {
        "analysis": {
            "filter": {"stems": {"type": "stemmer", "language": "english"}},
            "analyzer": {
                "folded": {
                    "tokenizer": "standard",
                    "filter": ["lowercase", "asciifolding", "stems"],
                }
            },
        }
    },
    "mappings": {
        "dynamic": "strict",
        "properties": {
            "body": {
                "type": "text",
                "analyzer": "folded",
                "fields": {"plain": {"type": "keyword"}},
            },
            "name": {"type": "search_as_you_type"},
            "tags": {"type": "keyword"},
            "likes": {"type": "integer"},
            "at": {"type": "date", "format": "epoch_second"},
        },
    },
}
POSTS = {
    "a": {
        "body": "Planting café gardens",
        "name": "Mira Gardener",
        "tags": ["x"],
        "likes": 1,
        "at": 1000,
    },
    "b": {
        "body": "A garden by the sea",
        "name": "Minna Sailor",
        "tags": ["x", "y"],
        "likes": 50,
        "at": 2000,
    },
    "c": {"body": "Nothing but waves", "name": "Otto", "tags": ["y"], "likes": 5, "at": 3000},
}


class Index:
    """One index of one test, spoken to in plain REST."""

    def __init__(self, client: httpx.AsyncClient, name: str) -> None:
        self.client = client
        self.name = name

    async def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        content = b"" if body is None else msgspec.json.encode(body)
        answer = await self.client.request(
            method, path, content=content, headers={"content-type": "application/json"}
        )
        return answer.status_code, answer.json()

    async def put(self, key: str, version: int, document: dict[str, Any]) -> int:
        where = f"/{self.name}/_doc/{key}?version={version}&version_type=external&refresh=true"
        return (await self.ask("PUT", where, document))[0]

    async def bulk(self, *lines: object) -> dict[str, Any]:
        content = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
        answer = await self.client.post(
            f"/{self.name}/_bulk?refresh=true",
            content=content,
            headers={"content-type": "application/x-ndjson"},
        )
        return answer.json()

    async def hits(self, body: dict[str, Any]) -> list[Any]:
        status, answer = await self.ask("POST", f"/{self.name}/_search", body)
        assert status == 200, answer
        return answer["hits"]["hits"]

    async def found(self, query: dict[str, Any]) -> list[str]:
        return [hit["_id"] for hit in await self.hits({"query": query})]


@pytest.fixture
async def empty(engines: Engines, unique: Callable[[str], str]) -> AsyncGenerator[Index, None]:
    async with httpx.AsyncClient(base_url=engines.opensearch_url, timeout=30) as client:
        index = Index(client, unique("posts"))
        assert (await index.ask("PUT", f"/{index.name}", MAPPING))[0] == 200
        yield index
        await index.ask("DELETE", f"/{index.name}")


@pytest.fixture
async def index(empty: Index) -> Index:
    for key, document in POSTS.items():
        assert await empty.put(key, 1, document) == 201
    return empty


async def test_words_are_found_by_their_stem_and_without_accents(index: Index) -> None:
    assert sorted(await index.found({"match": {"body": "garden"}})) == ["a", "b"]
    assert await index.found({"match": {"body": "CAFE"}}) == ["a"]
    assert await index.found({"term": {"body.plain": "Nothing but waves"}}) == ["c"]


async def test_unknown_fields_are_refused(index: Index) -> None:
    assert await index.put("d", 1, {"secret": "x"}) == 400


async def test_an_older_version_never_replaces_a_newer_one(index: Index) -> None:
    assert await index.put("a", 5, {"body": "five"}) == 200
    assert await index.put("a", 5, {"body": "again"}) == 409
    assert await index.put("a", 4, {"body": "four"}) == 409
    assert await index.found({"match": {"body": "five"}}) == ["a"]


async def test_bulk_tells_what_became_of_each_document(index: Index) -> None:
    def action(kind: str, key: str, version: int) -> dict[str, Any]:
        return {kind: {"_id": key, "version": version, "version_type": "external"}}

    answer = await index.bulk(
        action("index", "a", 1),
        {"body": "old"},
        action("index", "d", 1),
        {"body": "new"},
        action("index", "e", 1),
        {"secret": "x"},
        action("delete", "b", 2),
    )
    assert answer["errors"] is True
    statuses = [next(iter(item.values()))["status"] for item in answer["items"]]
    assert statuses == [409, 201, 400, 200]


async def test_names_are_completed_as_they_are_typed(index: Index) -> None:
    fields = ["name", "name._2gram", "name._3gram"]
    query = {"multi_match": {"query": "mira gar", "type": "bool_prefix", "fields": fields}}
    assert (await index.found(query))[0] == "a"
    assert await index.found({"multi_match": {**query["multi_match"], "query": "ot"}}) == ["c"]


async def test_scores_combine_words_with_engagement_and_age(index: Index) -> None:
    functions = [
        {"field_value_factor": {"field": "likes", "modifier": "log1p"}},
        {"gauss": {"at": {"origin": "2000", "scale": "1000s"}}},
    ]
    query = {"function_score": {"query": {"match": {"body": "garden"}}, "functions": functions}}
    assert await index.found(query) == ["b", "a"]


async def test_filters_do_not_score(index: Index) -> None:
    query = {
        "bool": {
            "must": {"match": {"body": "garden"}},
            "filter": [{"terms": {"tags": ["y"]}}, {"range": {"at": {"gte": 1500}}}],
            "must_not": {"term": {"tags": "z"}},
        }
    }
    assert await index.found(query) == ["b"]


async def test_matches_are_highlighted(index: Index) -> None:
    (hit,) = await index.hits(
        {
            "query": {"match": {"body": "sea"}},
            "highlight": {"fields": {"body": {}}, "pre_tags": ["<"], "post_tags": [">"]},
        }
    )
    assert hit["highlight"] == {"body": ["A garden by the <sea>"]}


async def test_pages_of_a_point_in_time_stay_while_documents_come(index: Index) -> None:
    where = f"/{index.name}/_search/point_in_time?keep_alive=1m"
    status, answer = await index.ask("POST", where)
    assert status == 200
    point = {"id": answer["pit_id"], "keep_alive": "1m"}
    page = {"size": 2, "pit": point, "sort": [{"likes": "desc"}, {"_id": "asc"}]}
    _, first = await index.ask("POST", "/_search", page)
    assert [hit["_id"] for hit in first["hits"]["hits"]] == ["b", "c"]
    await index.put("d", 1, {"likes": 3})
    after = first["hits"]["hits"][-1]["sort"]
    _, second = await index.ask("POST", "/_search", {**page, "search_after": after})
    assert [hit["_id"] for hit in second["hits"]["hits"]] == ["a"]


async def test_an_alias_moves_at_once(index: Index, unique: Callable[[str], str]) -> None:
    alias, newer = unique("alias"), unique("newer")
    await index.ask("PUT", f"/{newer}", MAPPING)
    add = {"add": {"index": index.name, "alias": alias}}
    assert (await index.ask("POST", "/_aliases", {"actions": [add]}))[0] == 200
    move = [
        {"remove": {"index": index.name, "alias": alias}},
        {"add": {"index": newer, "alias": alias}},
    ]
    assert (await index.ask("POST", "/_aliases", {"actions": move}))[0] == 200
    _, aliases = await index.ask("GET", f"/_alias/{alias}")
    assert list(aliases) == [newer]
    await index.ask("DELETE", f"/{newer}")


async def test_documents_are_counted_by_tag(index: Index) -> None:
    body = {"size": 0, "aggs": {"tags": {"terms": {"field": "tags"}}}}
    _, answer = await index.ask("POST", f"/{index.name}/_search", body)
    counts = {one["key"]: one["doc_count"] for one in answer["aggregations"]["tags"]["buckets"]}
    assert counts == {"x": 2, "y": 2}


async def test_a_deleted_document_is_gone(index: Index) -> None:
    where = f"/{index.name}/_doc/a?version=2&version_type=external&refresh=true"
    assert (await index.ask("DELETE", where))[0] == 200
    assert await index.found({"match": {"body": "cafe"}}) == []


@pytest.mark.usefixtures("embedded_fails")
async def test_a_search_sees_documents_after_a_refresh_only(empty: Index) -> None:
    await empty.ask("PUT", f"/{empty.name}/_settings", {"index": {"refresh_interval": "-1"}})
    await empty.ask("PUT", f"/{empty.name}/_doc/a", POSTS["a"])
    assert await empty.found({"match_all": {}}) == []


@pytest.mark.usefixtures("embedded_fails")
async def test_an_index_that_was_not_made_is_missed(empty: Index) -> None:
    status, _ = await empty.ask("PUT", f"/{empty.name}-typo/_doc/a", POSTS["a"])
    await empty.ask("DELETE", f"/{empty.name}-typo")
    assert status == 404


async def test_vectors_are_not_asked_of_it(index: Index) -> None:
    query = {"query": {"knn": {"place": {"vector": [1, 0], "k": 1}}}}
    status, _ = await index.ask("POST", f"/{index.name}/_search", query)
    assert status == 400
