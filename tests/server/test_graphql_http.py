"""Requests and answers over HTTP, in both profiles: every row of the table of statuses."""

from collections.abc import AsyncIterator, Mapping

import pytest
from starlette.responses import Response
from structlog.testing import capture_logs

from server.http_profile import EVENT_STREAM, GRAPHQL_JSON, JSON, preferred_media_type
from server.manifests import document_id
from server.shared_answers import MOST, SharedAnswers
from tests.fakes.clock import FixedClock
from tests.server.token_factory import bearer
from tests.server.toy_app import Toy, codes

PROFILES = ("legacy", "2026-09")
LEGACY = {"EXPLORE_HTTP_PROFILE": "legacy"}
SEPTEMBER = {"EXPLORE_HTTP_PROFILE": "2026-09"}
ECHO, TRACK = "query Echo($t: String!) { echo(text: $t) }", "mutation Track { track }"
PAGE = "query Page { explore(first: 2) { nodes { id } } }"


def toy(profile: str = "legacy", **settings: str) -> Toy:
    made = Toy(settings={"EXPLORE_HTTP_PROFILE": profile, **settings})
    made.trusted.load({document_id(text): text for text in (ECHO, TRACK, PAGE)})
    return made


CARD = "node { tags { handle } creator { handle } }"
EXPENSIVE = " ".join(
    ["{", *(f"a{i}: explore(first: 100) {{ edges {{ {CARD} }} }}" for i in range(7)), "}"]
)
EXECUTED: list[
    tuple[str, str | None, int, int, bool]
] = [  # query, code, status in 2026-09, in legacy, whether there is data
    ("{ name }", None, 200, 200, True),
    ('{ fault(kind: "bug") name }', "INTERNAL_SERVER_ERROR", 294, 200, True),
    ('{ requiredFault(kind: "bug") }', "INTERNAL_SERVER_ERROR", 294, 200, True),
    ("{ name", "GRAPHQL_PARSE_FAILED", 400, 400, False),
    ("{ nothing }", "GRAPHQL_VALIDATION_FAILED", 422, 400, False),
    ("query ($t: String!) { echo(text: $t) }", "BAD_USER_INPUT", 422, 400, False),
    ("query A { name } query B { name }", "BAD_USER_INPUT", 422, 400, False),
    (EXPENSIVE, "COST_LIMIT_EXCEEDED", 422, 400, False),
]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(("query", "code", "september", "legacy", "has_data"), EXECUTED)
async def test_statuses_of_what_was_understood(
    profile: str, query: str, code: str | None, september: int, legacy: int, *, has_data: bool
) -> None:
    status = legacy if profile == "legacy" else september
    server = toy(profile)
    with capture_logs():
        response = await server.post({"query": query}, {"accept": GRAPHQL_JSON})
        as_json = await server.post({"query": query}, {"accept": JSON})
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == f"{GRAPHQL_JSON}; charset=utf-8"
    assert response.headers["vary"] == "Accept, Authorization"
    assert ("data" in response.json()) == has_data
    assert (codes(response) if code else "errors" not in response.json()) == (
        [code] if code else True
    )
    assert as_json.status_code == (200 if profile == "legacy" else status)
    plain = as_json.status_code < 300
    assert as_json.headers["content-type"].startswith(JSON if plain else GRAPHQL_JSON)
    assert as_json.json().keys() == response.json().keys()


REFUSED: list[tuple[bytes, int, int]] = [  # body, status in 2026-09, in legacy
    (b"{", 400, 400),
    (b"", 400, 400),
    (b"\xff", 400, 400),
    (b'{"query": "\\ud800"}', 400, 400),
    (b"[" * 100_000, 400, 400),
    (b'{"query": "{ name }", "variables": {"a": ' + b"[" * 31 + b"]" * 31 + b"}}", 400, 400),
    (b'"text"', 422, 400),
    (b"[]", 422, 400),
    (b'[{"query": "{ name }"}]', 422, 400),
    (b"{}", 422, 400),
    (b'{"query": 1}', 422, 400),
    (b'{"query": ""}', 422, 400),
    (b'{"query": "{name}", "variables": []}', 422, 400),
    (b'{"query": "{name}", "variables": "{}"}', 422, 400),
    (b'{"query": "{name}", "operationName": 1}', 422, 400),
    (b'{"query": "{name}", "extensions": 7}', 422, 400),
    (b'{"documentId": {}}', 422, 400),
    (b'{"extensions": {"persistedQuery": "x"}}', 422, 400),
    (b'{"extensions": {"persistedQuery": {"sha256Hash": 7}}}', 422, 400),
    (b'{"query": "{ name }", "operationName": "X"}', 422, 400),
    (b'{"query": "{ name }", "variables": {"a": {"b": ["\\u0000"]}}}', 422, 400),
    (b'{"query": "{ name }", "variables": {"\\u0000": 1}}', 422, 400),
    (b'{"query": "' + b"x" * 262_144 + b'"}', 413, 413),
]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("case", range(len(REFUSED)))
async def test_what_is_not_understood_is_bad_user_input(profile: str, case: int) -> None:
    body, september, legacy = REFUSED[case]
    response = await toy(profile).post(body, {"accept": GRAPHQL_JSON})
    assert response.status_code == (legacy if profile == "legacy" else september)
    assert response.json().keys() == {"errors"}
    assert codes(response) == ["BAD_USER_INPUT"]
    assert response.headers["content-type"].startswith(GRAPHQL_JSON)


async def test_32_levels_of_json_are_enough() -> None:
    body = b'{"query": "{ name }", "variables": {"a": ' + b"[" * 30 + b"]" * 30 + b"}}"
    assert (await toy().post(body)).json() == {"data": {"name": "n"}}


async def test_a_nul_in_the_document_is_refused() -> None:
    for literal in ('"\\u0000"', '"a\\u{0}"'):
        response = await toy().post({"query": f"{{ echo(text: {literal}) }}"})
        assert codes(response) == ["GRAPHQL_VALIDATION_FAILED"]


@pytest.mark.parametrize("profile", PROFILES)
async def test_transport_errors(profile: str) -> None:
    server = toy(profile)
    query = {"query": "{ name }"}
    plain = await server.post(b"x", {"content-type": "text/plain"})
    form = await server.post(b"query=x", {"content-type": "application/x-www-form-urlencoded"})
    latin = await server.post(b"{}", {"content-type": "application/json; charset=latin-1"})
    packed = await server.post(b"{}", {"content-encoding": "gzip"})
    html = await server.post(query, {"accept": "text/html"})
    async with server.http() as http:
        put = await http.put("/graphql", json=query)
        deleted = await http.delete("/graphql")
    mutation = await server.get({"query": TRACK})
    for response, status in (
        (plain, 415), (form, 415), (latin, 415), (packed, 415), (html, 406), (put, 405),
        (deleted, 405), (mutation, 405),
    ):  # fmt: skip
        assert response.status_code == status
        assert codes(response) == ["BAD_USER_INPUT"]
        assert response.headers["content-type"].startswith(JSON)
    assert put.headers["allow"] == "GET, POST"
    assert mutation.headers["allow"] == "POST"


async def test_a_body_is_read_up_to_its_limit_whatever_its_length_says() -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 65_536

    async with toy().http() as http:
        response = await http.post("/graphql", content=endless(), headers={"content-type": JSON})
    assert response.status_code == 413


async def test_queries_by_get() -> None:
    server = toy()
    plain = await server.get({"query": ECHO, "variables": '{"t": "é"}', "operationName": "Echo"})
    assert (plain.status_code, plain.json()) == (200, {"data": {"echo": "é"}})
    assert plain.headers["cache-control"] == "private, no-store"
    for parameters in (
        {"query": ECHO, "variables": "{"},
        {"query": ECHO, "variables": "[]"},
        {"query": ECHO, "extensions": "7"},
        {},
    ):
        response = await server.get(parameters)
        assert response.status_code == 400
        assert codes(response) == ["BAD_USER_INPUT"]


async def test_in_production_only_stored_queries_run_by_get() -> None:
    server = toy(EXPLORE_ENVIRONMENT="production", EXPLORE_DOCUMENTS="preferred")
    text = await server.get({"query": "{ name }"}, {"accept": GRAPHQL_JSON})
    assert (text.status_code, codes(text)) == (400, ["PERSISTED_QUERY_REQUIRED"])
    assert (await server.get({"documentId": document_id(PAGE)})).status_code == 200
    assert (await server.post({"query": "{ name }"})).json() == {"data": {"name": "n"}}


async def test_a_browser_that_opens_the_address_is_told_what_is_missing() -> None:
    response = await toy().get({}, {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert response.status_code == 400
    assert codes(response) == ["BAD_USER_INPUT"]


async def test_anonymous_stored_queries_by_get_may_be_cached() -> None:
    server = toy()
    parameters = {"documentId": document_id(PAGE)}
    first = await server.get(parameters)
    assert first.headers["cache-control"] == "public, max-age=10"
    assert "x-ratelimit-remaining" not in first.headers
    again = await server.get(parameters, {"if-none-match": f'"x", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    for known in (f"W/{first.headers['etag']}", f'W/"x",W/{first.headers["etag"]}', "*"):
        assert (await server.get(parameters, {"if-none-match": known})).status_code == 304
    for unknown in ('W/"x"', "", first.headers["etag"].strip('"')):
        assert (await server.get(parameters, {"if-none-match": unknown})).status_code == 200
    signed_in = await server.get(parameters, {"authorization": bearer(server.clock.now())})
    posted = await server.post({"documentId": document_id(PAGE)})
    for response in (signed_in, posted):
        assert response.headers["cache-control"] == "private, no-store"
        assert "etag" not in response.headers


async def test_one_rendering_serves_until_lists_change_or_it_is_old() -> None:
    server = toy()
    parameters = {"documentId": document_id(PAGE)}
    first = await server.get(parameters)
    server.clock.advance(3.5)
    second = await server.get(parameters)
    assert (second.content, second.headers["etag"]) == (first.content, first.headers["etag"])
    assert second.headers["cache-control"] == "public, max-age=6"
    assert second.headers["vary"] == "Accept, Authorization"
    assert len(server.begin.begun) == 1
    other = await server.get(parameters, {"accept": GRAPHQL_JSON})
    assert other.headers["content-type"].startswith(GRAPHQL_JSON)
    assert len(server.begin.begun) == 2
    server.lists_version += 1  # something was withdrawn
    assert (await server.get(parameters)).headers["cache-control"] == "public, max-age=10"
    assert len(server.begin.begun) == 3
    server.clock.advance(5.0)
    assert (await server.get(parameters)).headers["cache-control"] == "public, max-age=10"
    assert len(server.begin.begun) == 4


async def test_a_shared_rendering_is_nobody_elses() -> None:
    server = toy()
    parameters = {"documentId": document_id(PAGE)}
    await server.get(parameters)
    signed_in = await server.get(parameters, {"authorization": bearer(server.clock.now())})
    assert signed_in.headers["cache-control"] == "private, no-store"
    refused = await server.get(parameters, {"authorization": "Bearer x.y.z"})
    assert refused.status_code == 401
    with_variables = await server.get({"documentId": document_id(ECHO), "variables": '{"t": "a"}'})
    others = await server.get({"documentId": document_id(ECHO), "variables": '{"t": "b"}'})
    assert (with_variables.json(), others.json()) == (
        {"data": {"echo": "a"}},
        {"data": {"echo": "b"}},
    )


async def test_renderings_are_bounded() -> None:
    answers = SharedAnswers(FixedClock(), lambda: 0)
    for number in range(MOST + 5):
        answers.share(number, 0, Response(b"{}", headers={"content-type": "x"}), None)
    assert len(answers) == MOST
    assert answers.find(4, None) is None
    assert answers.find(5, None) is not None


@pytest.mark.parametrize("query", ["query A { rateLimit name }", "query B { viewer { handle } }"])
async def test_what_is_the_callers_own_is_never_cached(query: str) -> None:
    server = toy()
    server.trusted.load({document_id(query): query})
    response = await server.get({"documentId": document_id(query)})
    assert response.status_code == 200
    assert response.headers["cache-control"] == "private, no-store"


FAULTS: list[tuple[str, str, str, Mapping[str, object]]] = [
    ("cursor", "BAD_USER_INPUT", "The cursor is not valid here.", {"argument": "after"}),
    ("input", "BAD_USER_INPUT", "first must be 1 to 50.", {"argument": "first"}),
    ("forbidden", "FORBIDDEN", "This needs the role moderator.", {}),
    ("sign-in", "UNAUTHENTICATED", "Sign in to do this.", {}),
    ("missing", "NOT_FOUND", "There is no such thing.", {}),
    ("too-many", "BAD_USER_INPUT", "At most 100.", {}),
    ("coded", "OVERLOADED", "Not now.", {}),
]


@pytest.mark.parametrize(("kind", "code", "message", "more"), FAULTS)
async def test_what_a_caller_can_mend_is_told(
    kind: str, code: str, message: str, more: Mapping[str, object]
) -> None:
    response = await toy().post({"query": f'{{ fault(kind: "{kind}") }}'})
    (error,) = response.json()["errors"]
    assert error["message"].startswith(message)
    assert error["path"] == ["fault"]
    assert error["locations"] == [{"line": 1, "column": 3}]
    assert error["extensions"] == {"code": code, **more}


MASKED = {
    '{ fault(kind: "bug") }': "INTERNAL_SERVER_ERROR",
    '{ fault(kind: "odd-code") }': "INTERNAL_SERVER_ERROR",
    "{ nullText }": "INTERNAL_SERVER_ERROR",
    "{ largeNumber }": "INTERNAL_SERVER_ERROR",
    '{ fault(kind: "unavailable") }': "UNAVAILABLE",
    '{ fault(kind: "timeout") }': "UNAVAILABLE",
}


@pytest.mark.parametrize("query", MASKED)
async def test_what_only_we_can_mend_is_masked_and_found_in_the_log(query: str) -> None:
    with capture_logs() as lines:
        response = await toy().post({"query": query})
    (error,) = response.json()["errors"]
    request_id = response.headers["x-request-id"]
    assert error["extensions"] == {"code": MASKED[query], "requestId": request_id}
    for secret in ("hunter2", "secret", "10.0.0.7", "non-nullable", "1099511627776"):
        assert secret not in response.text
    assert any(line["log_level"] in ("error", "warning") and "path" in line for line in lines)


async def test_variables_of_the_wrong_type() -> None:
    response = await toy().post({"query": ECHO, "variables": {"t": 7}})
    assert codes(response) == ["BAD_USER_INPUT"]
    assert "data" not in response.json()


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        (" ", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL_JSON, GRAPHQL_JSON),
        (f"{GRAPHQL_JSON}, {JSON};q=0.9", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0.5, {JSON}", JSON),
        (f"{GRAPHQL_JSON};q=0, {JSON};q=0.1", JSON),
        ("text/html", None),
        (f"{JSON};q=0", None),
        (f"{JSON};q=x, */*", JSON),
        (f"{GRAPHQL_JSON}; charset=utf-8", GRAPHQL_JSON),
        (EVENT_STREAM, EVENT_STREAM),
    ],
)
def test_negotiation(accept: str | None, expected: str | None) -> None:
    assert preferred_media_type(accept) == expected
