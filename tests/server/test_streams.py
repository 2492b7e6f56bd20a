"""Operations over WebSocket and server-sent events: the same gate and errors, no leftovers."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from server import open_sockets, open_streams
from server.load_gate import MOST
from server.manifests import document_id
from server.rate_limits import DEVELOPMENT_FACTOR
from server.subscription_socket import MAX_OPERATIONS
from tests.server.held_store import Held
from tests.server.socket_client import SocketClient
from tests.server.token_factory import bearer
from tests.server.toy_app import Toy, codes

COUNT = "subscription Count($to: Int!) { count(to: $to) }"


def error_codes(message: dict[str, Any]) -> list[str]:
    return [error["extensions"]["code"] for error in message["payload"]]


async def test_a_subscription_over_websocket() -> None:
    toy = Toy()
    async with SocketClient().on(toy.app) as client:
        await client.begin()
        await client.subscribe("1", {"query": COUNT, "variables": {"to": 3}})
        messages = [await client.receive() for _ in range(4)]
    assert [message.get("payload") for message in messages[:3]] == [
        {"data": {"count": number}} for number in range(3)
    ]
    assert messages[3] == {"id": "1", "type": "complete"}
    assert len(toy.begin.begun) == 1


async def test_queries_and_mutations_run_over_it_too_each_charged() -> None:
    toy = Toy()
    async with SocketClient().on(toy.app) as client:
        await client.begin()
        for number, query in enumerate(("{ name }", "mutation { track }")):
            await client.subscribe(str(number), {"query": query})
            assert (await client.receive())["payload"]["data"]
            assert (await client.receive())["type"] == "complete"
    assert [begun.charge.units for begun in toy.begin.begun] == [0, 0]


async def test_stored_documents_are_required_over_it_too() -> None:
    toy = Toy(settings={"EXPLORE_DOCUMENTS": "required"})
    toy.trusted.load({document_id(COUNT): COUNT})
    async with SocketClient().on(toy.app) as client:
        await client.begin()
        await client.subscribe("1", {"query": COUNT, "variables": {"to": 1}})
        assert error_codes(await client.receive()) == ["PERSISTED_QUERY_REQUIRED"]
        stored = {"documentId": document_id(COUNT), "variables": {"to": 1}}
        await client.subscribe("2", stored)
        assert (await client.receive())["payload"] == {"data": {"count": 0}}


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"query": "{ name"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": COUNT}, "BAD_USER_INPUT"),
        ({"query": COUNT, "variables": {"to": "\0"}}, "BAD_USER_INPUT"),
        ({"query": COUNT, "variables": []}, "BAD_USER_INPUT"),
        ({}, "BAD_USER_INPUT"),
        ("text", "BAD_USER_INPUT"),
        ({"documentId": "sha256:" + "0" * 64}, "PERSISTED_QUERY_NOT_FOUND"),
        ({"query": "mutation { reviewPost }"}, "PERSISTED_QUERY_REQUIRED"),
    ],
)
async def test_refusals_come_as_error_messages(payload: object, code: str) -> None:
    async with SocketClient().on(Toy().app) as client:
        await client.begin()
        await client.subscribe("1", payload)
        message = await client.receive()
        assert (message["id"], message["type"]) == ("1", "error")
        assert error_codes(message) == [code]
        await client.subscribe("1", {"query": "{ name }"})
        assert (await client.receive())["payload"] == {"data": {"name": "n"}}


async def test_a_fault_while_it_runs_is_masked() -> None:
    text = "subscription { count(to: 1, fail: true) }"
    with capture_logs():
        async with SocketClient().on(Toy().app) as client:
            await client.begin()
            await client.subscribe("1", {"query": text})
            assert (await client.receive())["payload"] == {"data": {"count": 0}}
            message = await client.receive()
    assert "hunter2" not in json.dumps(message)
    assert "INTERNAL_SERVER_ERROR" in json.dumps(message)


async def test_the_token_comes_with_the_first_message() -> None:
    toy = Toy()
    now = toy.clock.now()
    async with SocketClient().on(toy.app) as client:
        await client.begin({"authorization": bearer(now, sub="ada")})
        await client.subscribe("1", {"query": "{ viewer { handle } }"})
        assert (await client.receive())["payload"] == {"data": {"viewer": {"handle": "ada"}}}
    for refused in (bearer(now, exp=now - 1), "Bearer x", 7):
        async with SocketClient().on(toy.app) as client:
            assert (await client.receive())["accepted"]
            payload = {"authorization": refused}
            await client.send({"type": "connection_init", "payload": payload})
            assert await client.receive() == {"closed": 4403, "reason": "Forbidden"}


async def test_a_token_counts_however_its_name_is_written() -> None:
    toy = Toy()
    async with SocketClient().on(toy.app) as client:
        await client.begin({"Authorization": bearer(toy.clock.now(), sub="ada")})
        await client.subscribe("1", {"query": "{ viewer { handle } }"})
        assert (await client.receive())["payload"] == {"data": {"viewer": {"handle": "ada"}}}
    async with SocketClient().on(toy.app) as client:
        assert (await client.receive())["accepted"]
        payload = {"Authorization": "Bearer x"}
        await client.send({"type": "connection_init", "payload": payload})
        assert await client.receive() == {"closed": 4403, "reason": "Forbidden"}


async def test_a_token_that_ended_starts_nothing_more() -> None:
    toy = Toy()
    async with SocketClient().on(toy.app) as client:
        await client.begin({"authorization": bearer(toy.clock.now())})
        toy.clock.advance(901)
        await client.subscribe("1", {"query": "{ name }"})
        assert error_codes(await client.receive()) == ["UNAUTHENTICATED"]


@pytest.mark.parametrize("transport", ["websocket", "server-sent events"])
async def test_a_stream_ends_with_its_token(transport: str) -> None:
    toy = Toy()
    now = toy.clock.now()
    token = bearer(now, exp=now + 0.05)
    query = {"query": "subscription { forever }"}
    if transport == "websocket":
        async with SocketClient().on(toy.app) as client:
            await client.begin({"authorization": token})
            await client.subscribe("1", query)
            assert (await client.receive())["payload"] == {"data": {"forever": 0}}
            assert error_codes(await client.receive()) == ["UNAUTHENTICATED"]
    else:
        first, last, end = events(await toy.post(query, {**STREAM, "authorization": token}))
        assert first == ("next", {"data": {"forever": 0}})
        assert [error["extensions"] for error in last[1]["errors"]] == [
            {"code": "UNAUTHENTICATED"}
        ]
        assert end == ("complete", None)
    assert "explore_subscriptions_open 0.0" in _metrics(toy)


@pytest.mark.parametrize("transport", ["websocket", "server-sent events"])
async def test_queries_have_their_deadline_over_any_transport(transport: str) -> None:
    toy = Toy(settings={"EXPLORE_REQUEST_TIMEOUT_MS": "100"})
    query = {"query": "{ secondsLeft }"}
    if transport == "websocket":
        async with SocketClient().on(toy.app) as client:
            await client.begin()
            await client.subscribe("1", query)
            data = (await client.receive())["payload"]["data"]
    else:
        ((_, payload), _) = events(await toy.post(query, STREAM))
        data = payload["data"]
    assert 0.0 < data["secondsLeft"] <= 0.1


async def test_a_full_process_turns_operations_of_a_socket_away() -> None:
    begin = Held()
    toy = Toy(begin=begin)
    toy.source.remember(toy.source.prepare("mutation { track }"))  # new texts wait in a queue
    async with SocketClient().on(toy.app) as client, asyncio.TaskGroup() as group:
        await client.begin()
        for _ in range(int(MOST)):
            group.create_task(toy.post({"query": "mutation { track }"}))
        await begin.full.wait()
        await client.subscribe("1", {"query": "{ name }"})
        assert error_codes(await client.receive()) == ["OVERLOADED"]
        begin.released.set()
    async with SocketClient().on(toy.app) as client:
        await client.begin()
        await client.subscribe("2", {"query": "{ name }"})
        assert (await client.receive())["payload"] == {"data": {"name": "n"}}


@pytest.mark.parametrize("extensions", [(), ("websocket.http.response",)])
async def test_open_sockets_are_bounded(
    extensions: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_sockets, "MOST", 1)
    toy = Toy()
    async with SocketClient().on(toy.app) as first:
        await first.begin()
        async with SocketClient().on(toy.app, extensions=extensions) as second:
            refused = await second.receive()
        assert refused == ({"status": 503} if extensions else {"closed": 1013, "reason": ""})
    async with SocketClient().on(toy.app) as third:
        await third.begin()


async def test_streams_of_one_party_are_bounded_and_no_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(open_streams, "MOST", 1)
    toy = Toy(settings={"EXPLORE_TRUSTED_PROXIES": "203.0.113.7,127.0.0.1"})
    query = {"query": "subscription { forever }"}
    here, there = ({"x-forwarded-for": f"198.51.100.{number}"} for number in (1, 2))
    async with SocketClient().on(toy.app, here) as first:
        await first.begin()
        for number in range(DEVELOPMENT_FACTOR):
            await first.subscribe(str(number), query)
            assert (await first.receive())["payload"] == {"data": {"forever": 0}}
        async with SocketClient().on(toy.app, here) as second:
            await second.begin()
            await second.subscribe("1", query)
            assert error_codes(await second.receive()) == ["OVERLOADED"]
        refused = await toy.post(query, {**STREAM, **here})
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "1"
        assert codes(refused) == ["OVERLOADED"]
        viewer = {"authorization": bearer(toy.clock.now(), sub="ada")}
        for headers, payload in ((there, {}), (here, viewer)):
            async with SocketClient().on(toy.app, headers) as other:
                await other.begin(payload)
                await other.subscribe("1", query)
                assert (await other.receive())["payload"] == {"data": {"forever": 0}}
    async with SocketClient().on(toy.app, here) as again:
        await again.begin()
        await again.subscribe("1", query)
        assert (await again.receive())["payload"] == {"data": {"forever": 0}}


@pytest.mark.parametrize(
    "message",
    ["no json", "[]", "7", {"no": "type"}, {"type": "nonsense"}, {"type": "subscribe"}],
)
async def test_what_is_no_message_closes_the_connection(message: object) -> None:
    async with SocketClient().on(Toy().app) as client:
        await client.begin()
        await client.send(message)
        assert (await client.receive())["closed"] == 4400


async def test_order_and_names_of_messages() -> None:
    async with SocketClient().on(Toy().app) as client:
        assert (await client.receive())["accepted"]
        await client.subscribe("1", {"query": "{ name }"})
        assert await client.receive() == {"closed": 4401, "reason": "Unauthorized"}
    async with SocketClient().on(Toy().app) as client:
        await client.begin()
        await client.subscribe("1", {"query": "subscription { forever }"})
        assert (await client.receive())["type"] == "next"
        await client.subscribe("1", {"query": "subscription { forever }"})
        reason = "Subscriber for 1 already exists"
        assert await client.receive() == {"closed": 4409, "reason": reason}


async def test_operations_on_a_connection_are_bounded_and_end_with_it() -> None:
    toy = Toy()
    before = asyncio.all_tasks()
    async with SocketClient().on(toy.app) as client:
        await client.begin()
        for number in range(MAX_OPERATIONS):
            await client.subscribe(str(number), {"query": "subscription { forever }"})
            await client.receive()
        assert f"explore_subscriptions_open {MAX_OPERATIONS}.0" in _metrics(toy)
        await client.subscribe("one more", {"query": "subscription { forever }"})
        assert error_codes(await client.receive()) == ["OVERLOADED"]
        await client.send({"id": "0", "type": "complete"})
        await client.subscribe("instead", {"query": "subscription { forever }"})
        assert (await client.receive())["payload"] == {"data": {"forever": 0}}
    assert asyncio.all_tasks() == before
    assert "explore_subscriptions_open 0.0" in _metrics(toy)


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [("http://test", True), ("https://explore.example", True), ("https://evil.example", False)],
)
async def test_pages_of_other_sites_are_kept_out(origin: str, *, allowed: bool) -> None:
    toy = Toy(settings={"EXPLORE_ALLOWED_ORIGINS": "https://explore.example"})
    async with SocketClient().on(toy.app, {"origin": origin}) as client:
        first = await client.receive()
    assert ("accepted" in first) == allowed


def _metrics(toy: Toy) -> str:
    return toy.metrics.exposition().decode()


def events(response: httpx.Response) -> list[tuple[str, Any]]:
    """The events of a stream with their data."""
    found: list[tuple[str, Any]] = []
    for block in response.text.split("\r\n\r\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\r\n") if ": " in line)
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"]) if lines["data"] else None))
    return found


STREAM = {"accept": "text/event-stream"}


async def test_a_subscription_by_server_sent_events() -> None:
    toy = Toy()
    response = await toy.post({"query": COUNT, "variables": {"to": 2}}, STREAM)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "private, no-store"
    assert response.headers["x-ratelimit-cost"] == "0"
    assert events(response) == [
        ("next", {"data": {"count": 0}}),
        ("next", {"data": {"count": 1}}),
        ("complete", None),
    ]
    by_get = await toy.get({"query": COUNT, "variables": '{"to": 1}'}, STREAM)
    assert len(events(by_get)) == 2


async def test_queries_are_streamed_too_and_refusals_are_plain_answers() -> None:
    toy = Toy()
    assert events(await toy.post({"query": "{ name }"}, STREAM)) == [
        ("next", {"data": {"name": "n"}}),
        ("complete", None),
    ]
    refused = await toy.post({"query": "{ nothing }"}, STREAM)
    assert refused.status_code == 400
    assert refused.headers["content-type"].startswith("application/json")
    assert codes(refused) == ["GRAPHQL_VALIDATION_FAILED"]
    mutation = await toy.get({"query": "mutation { track }"}, STREAM)
    assert mutation.status_code == 405


async def test_a_subscription_needs_a_stream() -> None:
    response = await Toy().post({"query": COUNT, "variables": {"to": 1}})
    assert response.status_code == 400
    assert codes(response) == ["BAD_USER_INPUT"]


async def test_a_fault_in_a_stream_is_masked() -> None:
    with capture_logs():
        response = await Toy().post({"query": "subscription { count(to: 0, fail: true) }"}, STREAM)
    ((kind, data), end) = events(response)
    assert (kind, end) == ("next", ("complete", None))
    assert data["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert "hunter2" not in response.text
