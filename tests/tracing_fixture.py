"""Somebody who collects spans, and log lines as machines read them."""

import io
import json
import logging
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import pytest
import structlog
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from runtime.logs import configure_logs
from runtime.settings import LogFormat
from runtime.tracing import use_provider


@dataclass(frozen=True, slots=True)
class Observer:
    """What a process told: spans in the order in which they ended, lines as they came."""

    exporter: InMemorySpanExporter
    stream: io.StringIO

    @property
    def spans(self) -> dict[str, ReadableSpan]:
        """The latest one of each name."""
        return {span.name: span for span in self.exporter.get_finished_spans()}

    def trace_of(self, name: str) -> str:
        context = self.spans[name].context
        assert context is not None
        return format(context.trace_id, "032x")

    def line(self, event: str) -> dict[str, Any]:
        """The only line of an event."""
        lines = [json.loads(line) for line in self.stream.getvalue().splitlines()]
        (found,) = [line for line in lines if line["event"] == event]
        return found


@pytest.fixture
def observer() -> Generator[Observer]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    exporter, stream = InMemorySpanExporter(), io.StringIO()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    stop = use_provider(provider)
    configure_logs(LogFormat.JSON, "info", stream)
    yield Observer(exporter, stream)
    stop()
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)
