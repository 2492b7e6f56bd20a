"""Every error of the contract, provoked over HTTP: code, path and status in both profiles."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp
from structlog.testing import capture_logs

from domain.errors import (
    InvalidInput,
    MalformedCursor,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Unavailable,
)
from domain.identifiers import Kind, encode_global_id
from server.error_codes import MASKED, UNAVAILABLE, Code
from server.http_profile import GRAPHQL_JSON, JSON
from server.load_gate import MOST
from tests.fakes.clock import FixedClock
from tests.graphql.scripted_server import document_id, scripted_server
from tests.server.held_store import Held
from tests.server.token_factory import bearer

POST = encode_global_id(Kind.POST, "p1")
PRODUCTION = {"EXPLORE_ENVIRONMENT": "production", "EXPLORE_SECRET": "s" * 32}
CARD = "node { categories { confidence } hashtags { name } media { url } creator { handle } }"
DEAR = " ".join(
    ["{", *(f"a{i}: explore(first: 50) {{ edges {{ {CARD} }} }}" for i in range(9)), "}"]
)
TRACK = {"input": {"target": {"postId": POST}, "action": "LIKE"}}
REVIEW = """mutation { reviewPost(input: {postId: "x", decision: APPROVE, reason: "fine"}) {
    userErrors { code } } }"""


@dataclass(frozen=True)
class Row:
    """`legacy` and `september` are statuses; a `request error` never has data."""

    name: str
    code: Code
    body: object
    legacy: int
    september: int
    path: list[str] | None = None
    answers: dict[str, Any] = field(default_factory=dict[str, Any])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    settings: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def is_unexecutable(self) -> bool:
        """What clients of the older edition expect under status 200 as application/json."""
        return self.september == 422 or self.code is Code.GRAPHQL_PARSE_FAILED


def stored(name: str, **variables: object) -> dict[str, object]:
    return {"documentId": document_id(name), "variables": variables}


def refused(name: str, code: Code, body: object, status: int, **more: Any) -> Row:  # noqa: ANN401 - of `Row`
    return Row(name, code, body, status, status, **more)


def unexecutable(name: str, code: Code, body: object, **more: Any) -> Row:  # noqa: ANN401 - of `Row`
    return Row(name, code, body, 400, 422, **more)


def failed(name: str, code: Code, body: object, *path: str, **more: Any) -> Row:  # noqa: ANN401 - of `Row`
    return Row(name, code, body, 200, 294, list(path), **more)


EXPLORE = stored("Explore")
QUEUE = stored("ModerationQueue")
READER = {"authorization": bearer(FixedClock().now(), sub="ada")}
TABLE = [
    refused("a document cut off", Code.GRAPHQL_PARSE_FAILED, {"query": "{ explore"}, 400),
    unexecutable("an unknown field", Code.GRAPHQL_VALIDATION_FAILED, {"query": "{ nothing }"}),
    refused("no JSON", Code.BAD_USER_INPUT, b"{", 400),
    refused("a body too large", Code.BAD_USER_INPUT, b" " * 300_000, 413),
    refused("a form", Code.BAD_USER_INPUT, b"", 415, headers={"content-type": "text/plain"}),
    refused("nothing acceptable", Code.BAD_USER_INPUT, EXPLORE, 406, headers={"accept": "a/b"}),
    unexecutable("a variable's type", Code.BAD_USER_INPUT, stored("Explore", first="many")),
    unexecutable(
        "an instant that is none", Code.BAD_USER_INPUT,
        stored("TrackInteraction", input={**TRACK["input"], "occurredAt": "yesterday"}),
    ),
    unexecutable(
        "an address that is none", Code.BAD_USER_INPUT,
        stored("UpsertCategory", input={"slug": "art", "name": "Art", "iconUrl": "art.svg"}),
    ),
    failed(
        "a page too large", Code.BAD_USER_INPUT, stored("Explore", first=51), "explore",
        answers={"explore.page": InvalidInput("`first` must be 1 to 50.", field="first")},
    ),
    failed(
        "a foreign cursor", Code.BAD_USER_INPUT, stored("Explore", after="x"), "explore",
        answers={"explore.page": MalformedCursor()},
    ),
    unexecutable(
        "an unknown id", Code.PERSISTED_QUERY_NOT_FOUND, {"documentId": "sha256:" + "0" * 64}
    ),
    unexecutable("a moderator's text", Code.PERSISTED_QUERY_REQUIRED, {"query": REVIEW}),
    unexecutable(
        "any text in production", Code.PERSISTED_QUERY_REQUIRED, {"query": "{ __typename }"},
        settings=PRODUCTION,
    ),
    unexecutable("a dear document", Code.COST_LIMIT_EXCEEDED, {"query": DEAR}),
    refused(
        "a bad token", Code.UNAUTHENTICATED, EXPLORE, 401, headers={"authorization": "Bearer x"}
    ),
    failed(
        "nobody's mutation", Code.UNAUTHENTICATED, stored("TrackInteraction", **TRACK),
        "trackInteraction", answers={"interactions.track": NotSignedIn("Sign in to do this.")},
    ),
    failed(
        "no role", Code.FORBIDDEN, QUEUE, "moderationQueue", headers=READER,
        answers={"moderation.queue": NotAllowed("This needs the role moderator.")},
    ),
    failed(
        "not there", Code.NOT_FOUND, stored("WhyNot", postId=POST), "whyNot",
        answers={"moderation.why_not": NotFound("There is no such post.")},
    ),
    failed(
        "an engine away", Code.UNAVAILABLE, QUEUE, "moderationQueue",
        answers={"moderation.queue": Unavailable("postgres", "10.0.0.7 refused")},
    ),
    failed(
        "a bug", Code.INTERNAL_SERVER_ERROR, EXPLORE, "explore",
        answers={"explore.page": RuntimeError("password=hunter2")},
    ),
]  # fmt: skip
PROFILES = ("legacy", "2026-09")


@pytest.mark.parametrize("accept", [GRAPHQL_JSON, JSON])
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("row", TABLE, ids=[row.name for row in TABLE])
async def test_an_error(row: Row, profile: str, accept: str) -> None:
    settings = {"EXPLORE_HTTP_PROFILE": profile, **row.settings}
    with capture_logs():
        async with client(scripted_server(row.answers, settings)) as http:
            answer = await send(http, row.body, {"accept": accept, **row.headers})
    status = row.legacy if profile == "legacy" else row.september
    if profile == "legacy" and accept == JSON and row.is_unexecutable:
        status = 200
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (status, row.code)
    assert error.get("path") == row.path
    assert ("data" in answer.json()) == (row.path is not None)
    as_asked = accept == GRAPHQL_JSON and "accept" not in row.headers
    is_graphql_json = as_asked or (profile == "2026-09" and row.is_unexecutable)
    assert answer.headers["content-type"].startswith(GRAPHQL_JSON if is_graphql_json else JSON)
    assert answer.headers["cache-control"] == "private, no-store"
    for secret in ("10.0.0.7", "hunter2", "Did you mean"):
        assert secret not in answer.text
    if row.code in (Code.UNAVAILABLE, Code.INTERNAL_SERVER_ERROR):
        assert error["message"] == (UNAVAILABLE if row.code is Code.UNAVAILABLE else MASKED)
        assert error["extensions"]["requestId"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("profile", PROFILES)
async def test_over_the_limit(profile: str) -> None:
    settings = {**PRODUCTION, "EXPLORE_HTTP_PROFILE": profile}
    async with client(scripted_server({"explore.page": NotFound("x")}, settings)) as http:
        answers = [await send(http, EXPLORE, {}) for _ in range(31)]
    assert {one.status_code for one in answers[:30]} == {200 if profile == "legacy" else 294}
    (error,) = answers[30].json()["errors"]
    assert (answers[30].status_code, error["extensions"]["code"]) == (429, Code.RATE_LIMITED)
    assert answers[30].json().keys() == {"errors"}
    assert 0 < error["extensions"]["retryAfterMs"] <= 2_000  # 30 a minute
    assert answers[30].headers["retry-after"] == "2"
    assert answers[30].headers["x-ratelimit-remaining"] == "0"


@pytest.mark.parametrize("profile", PROFILES)
async def test_a_full_process(profile: str) -> None:
    begin = Held()
    answers = {"interactions.track": NotSignedIn("Sign in to do this.")}
    app = scripted_server(answers, {"EXPLORE_HTTP_PROFILE": profile}, begin=begin)
    track = stored("TrackInteraction", **TRACK)
    async with client(app) as http, asyncio.TaskGroup() as group:
        for _ in range(int(MOST)):
            group.create_task(send(http, track, READER))
        await begin.full.wait()
        answer = await send(http, EXPLORE, {})
        begin.released.set()
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (503, Code.OVERLOADED)
    assert answer.json().keys() == {"errors"}
    assert (error["extensions"]["retryAfterMs"], answer.headers["retry-after"]) == (1_000, "1")


def test_the_table_has_every_code() -> None:
    of_their_own = {Code.RATE_LIMITED, Code.OVERLOADED}
    assert {row.code for row in TABLE} | of_their_own == set(Code)


def client(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def send(
    http: httpx.AsyncClient, body: object, headers: Mapping[str, str]
) -> httpx.Response:
    given = {"content-type": JSON, **headers}
    if isinstance(body, bytes):
        return await http.post("/graphql", content=body, headers=given)
    return await http.post("/graphql", json=body, headers=given)
