"""What tools that look for weak GraphQL endpoints try, on a server with production's settings.

The first thirteen are the checks that such tools have in common; the rest are ours.
"""

import re
from collections.abc import Mapping
from hashlib import sha256

import pytest

from tests.end_to_end.running_demo import RunningDemo
from tests.suites.stranger import STORED, Stranger, codes

pytestmark = pytest.mark.end_to_end

INTROSPECTION = "{ __schema { queryType { name } types { name fields { name } } } }"
CIRCULAR = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"
MISSING = "sha256:" + "0" * 64
REVIEW = {"input": {"postId": "x", "decision": "APPROVE", "reason": "fine"}}


@pytest.fixture
def stranger(production: str) -> Stranger:
    return Stranger(production, accept="application/graphql-response+json")


# What such tools check, thirteen things.


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("{" + " ".join(f"a{n}:__typename" for n in range(101)) + "}", id="aliases"),
        pytest.param("{ __typename " + "@a" * 10 + " }", id="directives"),
        pytest.param(CIRCULAR, id="circular introspection"),
        pytest.param("{" + "__typename " * 500 + "}", id="repeated fields"),
        pytest.param(INTROSPECTION, id="introspection"),
    ],
)
def test_overloading_and_looking_around(stranger: Stranger, query: str) -> None:
    answer = stranger.post({"query": query})
    assert (answer.status_code, codes(answer)) == (400, ["PERSISTED_QUERY_REQUIRED"])
    assert "data" not in answer.json()


def test_batches(stranger: Stranger) -> None:
    answer = stranger.post([{"documentId": STORED["Categories"]}] * 10)
    assert (answer.status_code, codes(answer)) == (400, ["BAD_USER_INPUT"])


def test_suggestions(stranger: Stranger) -> None:
    answer = stranger.post({"query": "{ catgories { nodes { id } } }"})
    assert "Did you mean" not in answer.text
    assert "categories" not in answer.text


def test_queries_by_get(stranger: Stranger) -> None:
    answer = stranger.get(query="{ __typename }")
    assert (answer.status_code, codes(answer)) == (400, ["PERSISTED_QUERY_REQUIRED"])


def test_mutations_by_get(stranger: Stranger) -> None:
    text = stranger.get(query="mutation { __typename }")
    stored = stranger.get(documentId=STORED["ResetInterests"])
    assert codes(text) == ["PERSISTED_QUERY_REQUIRED"]
    assert (stored.status_code, stored.headers["allow"]) == (405, "POST")


def test_forms(stranger: Stranger) -> None:
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = stranger.post(b"query=%7B__typename%7D", **{"content-type": kind})
        assert (answer.status_code, codes(answer)) == (415, ["BAD_USER_INPUT"])


def test_pages_for_developers(stranger: Stranger) -> None:
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    for path in ("/graphiql", "/playground", "/altair", "/voyager", "/console", "/docs"):
        assert stranger.send("GET", path, headers=browser).status_code == 404
    answer = stranger.send("GET", "/graphql", headers=browser)
    assert answer.status_code == 400
    assert "graphiql" not in answer.text.lower()


def test_traces(stranger: Stranger) -> None:
    asked = {"documentId": STORED["Categories"], "extensions": {"tracing": True}}
    answer = stranger.post(asked, **{"x-apollo-tracing": "1"})
    assert answer.json().keys() == {"data"}


def test_errors_that_nobody_handled(stranger: Stranger) -> None:
    for body in (b"", b"{", b"null", b"0", b'"x"', b"[]", b'{"query": 7}', b'{"variables": []}'):
        answer = stranger.post(body)
        assert answer.status_code == 400
        assert codes(answer) == ["BAD_USER_INPUT"]
        assert not re.search(r"Traceback|File \"|\.py|Exception|Error:", answer.text)


# Our own checks of documents.


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("Trending", {"window": "HUOR"}),
        ("Trending", {"scope": {"regoin": "DE"}}),
        ("TrackInteraction", {"input": {"target": {"postID": "x"}, "action": "LIK"}}),
        ("TrackInteraction", {"input": {f"clientMutationId{n}": 1 for n in range(50)}}),
    ],
)
def test_variables_are_not_corrected(
    stranger: Stranger, name: str, variables: Mapping[str, object]
) -> None:
    answer = stranger.stored(name, variables)
    assert set(codes(answer)) == {"BAD_USER_INPUT"}
    assert len(codes(answer)) <= 6  # five, and that there are more
    assert "Did you mean" not in answer.text
    assert not re.search(r"'(HOUR|region|postId|LIKE|clientMutationId)'", answer.text)


def test_an_unknown_id_is_not_repeated(stranger: Stranger) -> None:
    answer = stranger.post({"documentId": MISSING})
    assert codes(answer) == ["PERSISTED_QUERY_NOT_FOUND"]
    assert "0000" not in answer.text


def test_a_text_beside_its_hash_does_not_become_known(stranger: Stranger) -> None:
    text = "{ categories { totalCount } }"
    digest = sha256(text.encode()).hexdigest()
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": digest}}
    both = stranger.post({"query": text, "extensions": extensions})
    alone = stranger.post({"extensions": extensions})
    assert codes(both) == ["PERSISTED_QUERY_REQUIRED"]
    assert codes(alone) == ["PERSISTED_QUERY_NOT_FOUND"]


def test_operations_of_moderators_ask_who_one_is(stranger: Stranger) -> None:
    for name, variables in (("ReviewPost", REVIEW), ("ModerationQueue", {})):
        answer = stranger.stored(name, variables)
        assert codes(answer) in (["UNAUTHENTICATED"], ["FORBIDDEN"]), name
        assert answer.json()["data"] is None


def test_a_reader_is_no_moderator(production: str, running: RunningDemo) -> None:
    reader = Stranger(production, authorization=f"Bearer {running.token('reader')}")
    assert codes(reader.stored("ReviewPost", REVIEW)) == ["FORBIDDEN"]
    assert codes(reader.stored("ModerationQueue")) == ["FORBIDDEN"]


# Our own checks of tokens.


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "Bearer",
        "Bearer x",
        "Basic eDp5",
        # {"alg": "none"} of {"sub": "admin"}
        "Bearer eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.eyJzdWIiOiJhZG1pbiJ9.",
        "Bearer " + "A" * 7_000,
    ],
)
def test_what_is_no_token_is_refused_and_never_anonymous(stranger: Stranger, token: str) -> None:
    answer = stranger.post({"documentId": STORED["Categories"]}, authorization=token)
    assert (answer.status_code, codes(answer)) == (401, ["UNAUTHENTICATED"])
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_token_with_other_claims_under_the_old_signature(
    production: str, running: RunningDemo
) -> None:
    head, _, signature = running.token("reader").split(".")
    _, body, _ = running.token("admin", "admin").split(".")
    forger = Stranger(production, authorization=f"Bearer {head}.{body}.{signature}")
    assert forger.stored("Categories").status_code == 401


# Our own checks of requests.


def test_other_methods(stranger: Stranger) -> None:
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "HEAD"):
        answer = stranger.send(method, "/graphql")
        assert answer.status_code == 405, method
        assert answer.headers["allow"] == "GET, POST"


def test_other_content_types(stranger: Stranger) -> None:
    for kind in (
        "text/plain",
        "application/xml",
        "application/graphql",
        "application/json; charset=utf-7",
    ):
        answer = stranger.post({"documentId": STORED["Categories"]}, **{"content-type": kind})
        assert answer.status_code == 415, kind


def test_compressed_bodies(stranger: Stranger) -> None:
    for coding in ("gzip", "br", "deflate"):
        assert stranger.post(b"\x1f\x8b", **{"content-encoding": coding}).status_code == 415


def test_huge_and_deep_bodies(stranger: Stranger) -> None:
    huge = stranger.post(b'{"documentId": "' + b"x" * 300_000 + b'"}')
    deep = stranger.post(b'{"variables":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001)
    assert (huge.status_code, deep.status_code) == (413, 400)


def test_odd_texts(stranger: Stranger) -> None:
    for body in (
        b'{"documentId": "\\ud800"}',
        b'{"documentId": "\xff"}',
        b'{"documentId": "a", "documentId": NaN}',
    ):
        assert stranger.post(body).status_code == 400
    nul = stranger.stored("Search", {"query": "a\0b"})
    assert codes(nul) == ["BAD_USER_INPUT"]


def test_names_of_prototypes_are_names_like_any_other(stranger: Stranger) -> None:
    for name in ("__proto__", "constructor", "__class__"):
        answer = stranger.stored("Categories", {name: {"polluted": True}})
        assert answer.status_code == 200
        assert answer.json().keys() == {"data"}


def test_pages_beyond_the_bounds_are_refused(stranger: Stranger) -> None:
    for first in (0, -1, 51, 2**31 - 1):
        answer = stranger.stored("Explore", {"first": first})
        assert codes(answer) == ["BAD_USER_INPUT"]


def test_cursors_of_others_are_refused(stranger: Stranger) -> None:
    for after in ("", "x", "MTA=", "a" * 4_000, "../../etc/passwd", "' OR 1=1 --"):
        answer = stranger.stored("Explore", {"after": after})
        assert codes(answer) == ["BAD_USER_INPUT"], after


def test_queries_are_no_syntax(stranger: Stranger) -> None:
    for text in ("' OR '1'='1", '"; DROP TABLE posts; --', "*:*", "\\", "%", "(((", "a" * 256):
        answer = stranger.stored("Search", {"query": text})
        assert answer.json().keys() == {"data"}, text


def test_paths_lead_nowhere_else(stranger: Stranger) -> None:
    for path in (
        "/assets/../operations/manifest.json",
        "/assets/%2e%2e/%2e%2e/pyproject.toml",
        "/assets//etc/passwd",
        "/.git/config",
        "/graphql/",
        "/server",
    ):
        assert stranger.send("GET", path).status_code == 404, path


# Our own checks of browsers and caches.


def test_pages_of_others_cannot_read_answers(stranger: Stranger) -> None:
    foreign = {"origin": "https://elsewhere.example"}
    answer = stranger.post({"documentId": STORED["Categories"]}, **foreign)
    asked = stranger.send(
        "OPTIONS", "/graphql", headers={**foreign, "access-control-request-method": "POST"}
    )
    for one in (answer, asked):
        assert not [name for name in one.headers if name.startswith("access-control-")]


def test_browsers_are_told_to_be_careful(stranger: Stranger) -> None:
    answer = stranger.stored("Categories")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    page = stranger.send("GET", "/")
    policy = page.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_nothing_tells_what_the_server_is_made_of(stranger: Stranger) -> None:
    headers = stranger.stored("Categories").headers
    assert not {"server", "x-powered-by", "via"} & set(headers)


def test_answers_of_a_caller_are_not_for_caches(production: str, running: RunningDemo) -> None:
    reader = Stranger(production, authorization=f"Bearer {running.token('reader')}")
    for answer in (reader.get(documentId=STORED["Explore"]), reader.stored("Viewer")):
        assert answer.headers["cache-control"] == "private, no-store"
        assert "Authorization" in answer.headers["vary"]


def test_an_anonymous_caller_gets_no_personal_data(stranger: Stranger) -> None:
    answer = stranger.stored("Viewer")
    assert answer.json()["data"]["viewer"] is None


# Our own checks of limits.


def test_the_limit_of_an_address(stranger: Stranger) -> None:
    answers = [stranger.stored("Categories") for _ in range(30)]
    assert {one.status_code for one in answers} == {200}
    more = (stranger.stored("Categories") for _ in range(300))  # some come in on a slow machine
    refused = next(one for one in more if one.status_code != 200)
    assert (refused.status_code, codes(refused)) == (429, ["RATE_LIMITED"])
    assert refused.json()["errors"][0]["extensions"]["retryAfterMs"] > 0
    assert int(refused.headers["retry-after"]) >= 1
