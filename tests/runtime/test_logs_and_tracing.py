"""One form of line for us and for libraries; spans only where someone collects them."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from runtime.logs import configure_logs, quiet
from runtime.settings import LogFormat
from runtime.tracing import annotate, configure_tracing, span, use_provider


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield io.StringIO()
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_json_lines(stream: io.StringIO) -> None:
    configure_logs(LogFormat.JSON, "info", stream)
    log: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        log.info("feed.degraded", sources=("redis",))
        log.debug("never.shown")
    log.error("request.failed", exc_info=ValueError("boom"), path=object())
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert first.pop("time").endswith("Z")
    assert first == {
        "event": "feed.degraded",
        "level": "info",
        "request_id": "r1",
        "sources": ["redis"],
    }
    assert "ValueError: boom" in second["exception"]


def test_libraries_log_the_same_way(stream: io.StringIO) -> None:
    configure_logs(LogFormat.JSON, "info", stream)
    logging.getLogger("some.library").warning("%s is slow", "it")
    logging.getLogger("uvicorn.access").info("GET /")
    (line,) = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (line["event"], line["level"]) == ("library.logged", "warning")
    assert (line["library"], line["message"]) == ("some.library", "it is slow")


def test_nothing_is_logged_where_the_outcome_is_told_in_one_line(stream: io.StringIO) -> None:
    configure_logs(LogFormat.JSON, "info", stream)
    log: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    with quiet():
        log.error("engine.away")
        logging.getLogger("aiokafka.conn").error("Unable connect")
    assert stream.getvalue() == ""
    log.info("server.listening")
    logging.getLogger("some.library").warning("slow")
    assert len(stream.getvalue().splitlines()) == 2


def test_console_form(stream: io.StringIO) -> None:
    configure_logs(LogFormat.CONSOLE, "info", stream)
    log: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    log.info("batch.committed", records=3)
    assert "batch.committed" in stream.getvalue()
    assert not stream.getvalue().startswith("{")
    local = "hunter2"
    try:
        int(local[:0])
    except ValueError:
        log.exception("request.failed")
    assert "ValueError" in stream.getvalue()
    assert local not in stream.getvalue()


def test_spans_cost_nothing_until_someone_collects() -> None:
    configure_tracing("explore", "")()
    assert span("a") is span("b")
    with span("a") as nothing:
        annotate({"ignored": 1})
    assert nothing is None


def test_spans_are_nested_and_lines_carry_the_trace(stream: io.StringIO) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    stop = use_provider(provider)
    configure_logs(LogFormat.JSON, "info", stream)
    log: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    with span("query", {"graphql.operation.name": "Page"}), span("redis.begin"):
        annotate({"rows": 3})
        log.info("inside")
    inner, outer = exporter.get_finished_spans()
    stop()
    assert (inner.name, outer.name) == ("redis.begin", "query")
    assert inner.attributes == {"rows": 3}
    assert outer.attributes == {"graphql.operation.name": "Page"}
    assert inner.context is not None
    assert outer.context is not None
    assert inner.parent == outer.context
    line = json.loads(stream.getvalue())
    assert line["trace_id"] == format(outer.context.trace_id, "032x")
    assert span("after") is span("stop")
