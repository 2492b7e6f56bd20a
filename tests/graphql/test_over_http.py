"""The schema behind the real view: stored operations, codes, roles, server-sent events."""

import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from domain.errors import InvalidInput, NotAllowed, Unavailable
from domain.identifiers import Kind, encode_global_id
from services.outcomes import Outcome
from services.pages import TrendingHead
from services.trending_watch import TrendingWatch
from tests.fakes.clock import FixedClock
from tests.graphql.cards import case_view, feed_item, page, post_card, trending_item
from tests.graphql.scripted import Script
from tests.graphql.scripted_server import MANIFEST, document_id, scripted_server
from tests.server.token_factory import bearer

REVIEW = {"input": {"postId": "P", "decision": "APPROVE", "reason": "fine"}}


async def post(
    answers: dict[str, Any],
    body: Mapping[str, object],
    watch: TrendingWatch | None = None,
    **headers: str,
) -> httpx.Response:
    app = scripted_server(answers, watch=watch)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        return await http.post("/graphql", json=body, headers=headers)


def moderator() -> str:
    return bearer(FixedClock().now(), roles=["moderator"])


async def test_a_stored_page_by_its_id() -> None:
    answer = await post(
        {"explore.page": page(feed_item(post_card()))}, {"documentId": document_id("Explore")}
    )
    assert answer.status_code == 200
    edge = answer.json()["data"]["explore"]["edges"][0]
    assert edge["node"]["id"] == encode_global_id(Kind.POST, "p1")


async def test_a_review_runs_as_a_stored_operation_only() -> None:
    answers = {"moderation.review": Outcome(case_view(post_card()))}
    by_id = {"documentId": document_id("ReviewPost"), "variables": REVIEW}
    stored = await post(answers, by_id, authorization=moderator())
    assert stored.json()["data"]["reviewPost"]["case"]["status"] == "PENDING_REVIEW"
    text = {"query": MANIFEST[document_id("ReviewPost")], "variables": REVIEW}
    ad_hoc = await post({}, text, authorization=moderator())
    assert [e["extensions"]["code"] for e in ad_hoc.json()["errors"]] == [
        "PERSISTED_QUERY_REQUIRED"
    ]


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (NotAllowed("This needs the role moderator."), "FORBIDDEN"),
        (InvalidInput("first is 1 to 100", field="first"), "BAD_USER_INPUT"),
        (Unavailable("postgres", "10.0.0.7 refused"), "UNAVAILABLE"),
        (RuntimeError("password"), "INTERNAL_SERVER_ERROR"),
    ],
)
async def test_what_a_use_case_raises_has_a_code_and_a_path(raised: Exception, code: str) -> None:
    answer = await post(
        {"moderation.queue": raised}, {"query": "{ moderationQueue { totalCount } }"}
    )
    (error,) = answer.json()["errors"]
    assert answer.json()["data"] is None
    assert (error["path"], error["extensions"]["code"]) == (["moderationQueue"], code)
    assert "10.0.0.7" not in answer.text
    assert "password" not in answer.text


async def test_anonymous_mutations_are_unauthenticated() -> None:
    answer = await post(
        {},
        {
            "documentId": document_id("TrackInteractions"),
            "variables": {"input": {"interactions": []}},
        },
    )
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_the_head_of_a_list_over_server_sent_events() -> None:
    heads = [TrendingHead((trending_item(post_card(), 1),)), TrendingHead(())]

    def next_head(**_arguments: object) -> TrendingHead:
        if len(heads) == 1:
            watch.close()
        return heads.pop(0) if len(heads) > 1 else heads[0]

    answers = {"trending.head": next_head}
    watch = TrendingWatch(Script(answers).use_cases().trending, interval=0.001)
    query = "subscription { trendingUpdates { reset left } }"
    answer = await post(answers, {"query": query}, watch=watch, accept="text/event-stream")
    await watch.stop()
    events = [json.loads(line[6:]) for line in answer.text.splitlines() if line[:7] == "data: {"]
    assert [event["data"]["trendingUpdates"] for event in events] == [
        {"reset": True, "left": []},
    ]
    assert "event: complete" in answer.text


async def test_a_list_that_cannot_be_read_is_told() -> None:
    query = "subscription { trendingUpdates { version } }"
    answer = await post(
        {"trending.head": Unavailable("redis")}, {"query": query}, accept="text/event-stream"
    )
    (told,) = [json.loads(line[6:]) for line in answer.text.splitlines() if line[:7] == "data: {"]
    assert told["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
