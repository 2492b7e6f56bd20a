"""OpenTelemetry spans per operation, stage and store call; nothing at all where no one collects.

`span` returns one shared object that does nothing until `configure_tracing` has met an endpoint,
so that an uncollected span costs a function call.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext

from opentelemetry import trace
from opentelemetry.util.types import AttributeValue

Attributes = Mapping[str, AttributeValue]


class _Collection:
    """Whether anyone collects: a switch of the process, like the provider that it stands for."""

    tracer: trace.Tracer | None = None


_NOTHING: AbstractContextManager[None] = nullcontext()


def configure_tracing(service: str, endpoint: str) -> Callable[[], None]:
    """Export spans to an OTLP endpoint (HTTP), if one is given; returns what ends the export."""
    if not endpoint:
        return lambda: None
    # Imported here: the exporter takes 60 ms and 15 MB that most processes never need.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - see above
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - see above
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - see above
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - see above

    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=5)
    provider.add_span_processor(BatchSpanProcessor(exporter, max_queue_size=2_048))
    return use_provider(provider)


def use_provider(provider: trace.TracerProvider) -> Callable[[], None]:
    """Trace into a provider; returns the function that stops tracing and flushes what waits."""
    _Collection.tracer = provider.get_tracer("explore")

    def stop() -> None:
        _Collection.tracer = None
        shutdown = getattr(provider, "shutdown", None)
        if shutdown is not None:
            shutdown()

    return stop


def span(
    name: str, attributes: Attributes | None = None
) -> AbstractContextManager[trace.Span | None]:
    """A span around a block; an exception that leaves the block is recorded and marks it."""
    tracer = _Collection.tracer
    if tracer is None:
        return _NOTHING
    return tracer.start_as_current_span(name, attributes=attributes)


def annotate(attributes: Attributes) -> None:
    """Add to the current span what is known only by now."""
    if _Collection.tracer is not None:
        trace.get_current_span().set_attributes(dict(attributes))
