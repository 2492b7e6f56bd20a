"""The paths beside `/graphql`, and what stands around every request."""

from dataclasses import replace

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from structlog.testing import capture_logs

from server.app import create_app
from server.manifests import document_id
from server.request_record import viewer_hash
from tests.server.token_factory import bearer
from tests.server.toy_app import Toy
from tests.tracing_fixture import Observer

PAGE = "query Page { explore(first: 2) { nodes { id } } }"


async def test_readiness_follows_starting_and_draining() -> None:
    toy = Toy()
    readiness = toy.resources.readiness

    async def statuses() -> list[int]:
        async with toy.http() as http:
            paths = ("/livez", "/readyz", "/startupz")
            return [(await http.get(path)).status_code for path in paths]

    assert await statuses() == [200, 503, 503]
    readiness.started = True
    assert await statuses() == [200, 200, 200]
    readiness.draining = True
    assert await statuses() == [200, 503, 200]


async def test_metrics_and_schema() -> None:
    toy = Toy()
    toy.trusted.load({document_id(PAGE): PAGE})
    await toy.post({"documentId": document_id(PAGE)})
    await toy.post({"query": "{ nothing }"})
    async with toy.http() as http:
        await http.get("/no/such/path")
        metrics = await http.get("/metrics")
        schema = await http.get("/schema.graphql")
    assert schema.text == "type Query { name: String! }\n"
    assert metrics.headers["content-type"].startswith("text/plain; version=")
    for line in (
        'explore_graphql_documents_total{result="stored"} 1.0',
        'explore_graphql_documents_total{result="refused"} 1.0',
        'explore_graphql_operation_duration_seconds_count{operation="Page",outcome="ok"} 1.0',
        'http_server_request_duration_seconds_count{method="POST",route="/graphql",status="200"}',
        'http_server_request_duration_seconds_count{method="GET",route="other",status="404"} 1.0',
    ):
        assert line in metrics.text


async def test_the_line_of_a_request_names_its_trace(observer: Observer) -> None:
    toy = Toy()
    response = await toy.post({"query": "query Name { name }"})
    async with toy.http() as http:
        await http.get("/livez")
    assert list(observer.spans) == ["graphql.query", "POST /graphql"]
    line = observer.line("request.served")
    assert line["trace_id"] == observer.trace_of("graphql.query")
    assert line["trace_id"] == observer.trace_of("POST /graphql")
    request = observer.spans["POST /graphql"]
    assert request.context is not None
    assert observer.spans["graphql.query"].parent == request.context
    assert request.attributes == {
        "http.route": "/graphql",
        "explore.request_id": response.headers["x-request-id"],
        "http.response.status_code": 200,
    }


async def test_each_request_has_an_id_a_line_and_careful_headers() -> None:
    toy = Toy()
    toy.trusted.load({document_id(PAGE): PAGE})
    token = bearer(toy.clock.now(), sub="ada")
    with capture_logs() as lines:
        response = await toy.post({"documentId": document_id(PAGE)}, {"authorization": token})
    (line,) = lines
    assert line == {
        "event": "request.served",
        "log_level": "info",
        "method": "POST",
        "route": "/graphql",
        "status": 200,
        "milliseconds": 0.0,
        "outcome": "ok",
        "operation": "Page",
        "document": document_id(PAGE),
        "viewer": viewer_hash("ada"),
        "cost": 28,
    }
    assert "ada" not in line["viewer"]
    assert len(response.headers["x-request-id"]) == 16
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    again = await toy.post({"query": "{ name }"}, {"x-request-id": "chosen by a client"})
    assert again.headers["x-request-id"] not in (
        response.headers["x-request-id"],
        "chosen by a client",
    )


async def test_errors_stand_in_the_line() -> None:
    with capture_logs() as lines:
        await Toy().post({"query": '{ a: fault(kind: "cursor") b: fault(kind: "bug") }'})
    line = lines[-1]
    assert line["errors"] == ["BAD_USER_INPUT", "INTERNAL_SERVER_ERROR"]
    assert line["outcome"] == "error"


async def test_probes_are_not_logged() -> None:
    with capture_logs() as lines:
        async with Toy().http() as http:
            await http.get("/livez")
            await http.get("/metrics")
    assert lines == []


async def test_what_nobody_foresaw_is_masked_and_logged() -> None:
    async def broken(_request: Request) -> Response:
        raise RuntimeError("password=hunter2")

    toy = Toy()
    toy.app = create_app(replace(toy.resources, routes=[Route("/broken", broken)]))
    with capture_logs() as lines:
        async with toy.http() as http:
            response = await http.get("/broken")
    (error,) = response.json()["errors"]
    assert response.status_code == 500
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert error["extensions"]["requestId"] == response.headers["x-request-id"]
    assert "hunter2" not in response.text
    assert [line["event"] for line in lines] == ["request.failed", "request.served"]


@pytest.mark.parametrize("path", ["/graphql/", "/graphqlx", "/"])
async def test_other_paths_are_not_there(path: str) -> None:
    async with Toy().http() as http:
        response = await http.get(path)
    assert response.status_code in (307, 404)
