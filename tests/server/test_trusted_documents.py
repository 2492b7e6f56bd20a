"""Stored operations: three manifests, one store for all servers, and what may run only from it."""

import json
from collections.abc import Collection, Mapping
from hashlib import sha256

import pytest
from structlog.testing import capture_logs
from typing_extensions import override

from domain.documents import ClientState
from server.http_profile import GRAPHQL_JSON
from server.manifests import InvalidManifest, document_id, read_manifest
from tests.server.memory_documents import MemoryDocuments
from tests.server.toy_app import Toy, codes

ECHO = "query Echo($t: String!) { echo(text: $t) }"
HEX = sha256(ECHO.encode()).hexdigest()
ID = f"sha256:{HEX}"
MISSING = "sha256:" + "0" * 64
APOLLO = {
    "format": "apollo-persisted-query-manifest",
    "version": 1,
    "operations": [{"id": HEX, "name": "Echo", "type": "query", "body": ECHO}],
}
ANSWER = {"data": {"echo": "é"}}
VARIABLES = {"t": "é"}


def encoded(manifest: Mapping[str, object]) -> bytes:
    return json.dumps(manifest).encode()


def stored(**settings: str) -> Toy:
    toy = Toy(settings=settings)
    toy.trusted.load({ID: ECHO})
    return toy


@pytest.mark.parametrize("manifest", [{HEX: ECHO}, {ID: ECHO}, APOLLO])
def test_three_formats(manifest: Mapping[str, object]) -> None:
    assert read_manifest(encoded(manifest)) == {ID: ECHO}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        encoded({HEX: ECHO + " "}),
        encoded({"md5:00": ECHO}),
        encoded({"Echo": ECHO}),
        encoded({ID.upper(): ECHO}),
        encoded({HEX: 7}),
        encoded(APOLLO | {"version": 2}),
        encoded(APOLLO | {"operations": [{"id": HEX}]}),
    ],
)
def test_what_is_no_manifest(content: bytes) -> None:
    with pytest.raises(InvalidManifest):
        read_manifest(content)


@pytest.mark.parametrize(
    "text",
    [
        "{ nothing }",
        "{ name",
        "query A { name } query B { name }",
        "{ " + " ".join(f"a{i}: name" for i in range(16)) + " }",
    ],
)
def test_a_manifest_is_taken_whole_or_not_at_all(text: str) -> None:
    toy = Toy()
    with pytest.raises(InvalidManifest, match=document_id(text)):
        toy.trusted.load({ID: ECHO, document_id(text): text})
    assert len(toy.trusted) == 0


@pytest.mark.parametrize("rule", ["required", "preferred"])
@pytest.mark.parametrize(
    "body",
    [
        {"documentId": ID},
        {"documentId": HEX},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": HEX}}},
        {"documentId": ID, "query": "{ nothing }"},
        {"documentId": ID, "operationName": "Echo"},
    ],
)
async def test_forms_of_asking(rule: str, body: Mapping[str, object]) -> None:
    response = await stored(EXPLORE_DOCUMENTS=rule).post({**body, "variables": VARIABLES})
    assert (response.status_code, response.json()) == (200, ANSWER)


@pytest.mark.parametrize("rule", ["required", "preferred"])
async def test_an_unknown_id(rule: str) -> None:
    toy = stored(EXPLORE_DOCUMENTS=rule)
    for body in (
        {"documentId": MISSING},
        {"documentId": "no id at all"},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}},
    ):
        response = await toy.post(body, {"accept": GRAPHQL_JSON})
        assert response.status_code == 400
        assert codes(response) == ["PERSISTED_QUERY_NOT_FOUND"]
        assert response.json()["errors"][0]["message"] == "PersistedQueryNotFound"


async def test_text_beside_a_hash_registers_nothing() -> None:
    toy = Toy()
    apollo = {"persistedQuery": {"version": 1, "sha256Hash": HEX}}
    both = {"query": ECHO, "variables": VARIABLES, "extensions": apollo}
    assert (await toy.post(both)).json() == ANSWER
    alone = await toy.post({"extensions": apollo, "variables": VARIABLES})
    assert codes(alone) == ["PERSISTED_QUERY_NOT_FOUND"]
    assert len(toy.trusted) == 0


async def test_required_refuses_text() -> None:
    toy = stored(EXPLORE_DOCUMENTS="required")
    for body in (
        {"query": "{ name }"},
        {"query": ECHO, "variables": VARIABLES},
        {"query": "{ name }", "documentId": MISSING},
    ):
        response = await toy.post(body, {"accept": GRAPHQL_JSON})
        assert response.status_code == 400
        assert codes(response) == ["PERSISTED_QUERY_REQUIRED"]
    assert toy.begin.begun == []


@pytest.mark.parametrize(
    "text",
    [
        "mutation { reviewPost }",
        "mutation M { track ...F } fragment F on Mutation { ... { x: upsertCategory } }",
        "mutation A { track } mutation B { upsertCategory }",
    ],
)
async def test_what_moderators_do_runs_only_stored(text: str) -> None:
    toy = Toy()
    response = await toy.post({"query": text, "operationName": "B" if "B {" in text else None})
    assert codes(response) == ["PERSISTED_QUERY_REQUIRED"]
    if "mutation B" not in text:
        toy.trusted.load({document_id(text): text})
        assert "errors" not in (await toy.post({"documentId": document_id(text)})).json()


async def test_running_servers_see_what_is_added() -> None:
    store, toy = MemoryDocuments(), Toy()
    await toy.trusted.follow(store)
    assert await store.add({ID: ECHO}, client="web@1") == 1
    await toy.trusted.follow(store)
    response = await toy.post({"documentId": ID, "variables": VARIABLES})
    assert response.json() == ANSWER


async def test_own_documents_are_served_whatever_is_retired() -> None:
    store, toy = MemoryDocuments(), Toy()
    toy.trusted.load({ID: ECHO})
    await store.add({ID: ECHO}, client="web@1")
    await store.set_state("web@1", ClientState.RETIRED)
    await toy.trusted.follow(store)
    assert toy.trusted.get(ID) is not None


async def test_the_store_is_read_where_something_changed_only() -> None:
    class Counted(MemoryDocuments):
        reads = 0

        @override
        async def served(self) -> Collection[str]:
            self.reads += 1
            return await super().served()

    store, toy = Counted(), Toy()
    await store.add({ID: ECHO}, client="web@1")
    for _ in range(3):
        await toy.trusted.follow(store)
    assert store.reads == 1


async def test_one_bad_document_does_not_keep_out_the_rest() -> None:
    store, toy = MemoryDocuments(), Toy()
    old = "{ fieldOfAnEarlierSchema }"
    await store.add({document_id(old): old, ID: ECHO}, client="")
    with capture_logs() as lines:
        await toy.trusted.follow(store)
        await store.add({}, client="web@2")
        await toy.trusted.follow(store)
    assert [line["event"] for line in lines] == ["document.refused"]
    assert toy.trusted.get(ID) is not None
    assert toy.trusted.get(document_id(old)) is None
