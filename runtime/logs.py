"""Log lines: JSON for machines, colored columns at a terminal, one form for libraries and for us.

Events are dotted past-tense keys (`feed.degraded`) with data beside them, never sentences. What is
bound by `structlog.contextvars` (request id, consumer) and the current trace stand in each line.
"""

import logging
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import TextIO

import orjson
import structlog
from opentelemetry import trace
from structlog.typing import EventDict, WrappedLogger
from typing_extensions import override

from runtime.settings import LogFormat

# Chatty libraries: their INFO says what our own lines say better.
QUIET_LIBRARIES = ("aiokafka", "opensearch", "asyncio", "urllib3", "uvicorn", "websockets")


def configure_logs(form: LogFormat, level: str, stream: TextIO = sys.stderr) -> None:
    """Set up structlog and the standard library's logging; once per process, before all else."""
    console = form is LogFormat.CONSOLE or (form is LogFormat.AUTO and stream.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _add_trace,
    ]
    if console:
        # The default shows the values of local variables: personal data and secrets among them.
        plain = structlog.dev.plain_traceback
        shared.append(structlog.dev.ConsoleRenderer(exception_formatter=plain))
    else:
        shared += [structlog.processors.format_exc_info, _render_json]
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=shared,
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_ToStructlog()], level=threshold, force=True)
    for name in QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(max(threshold, logging.WARNING))


@contextmanager
def quiet() -> Generator[None, None, None]:
    """Nothing is logged in the block: its outcome is told in one line, by whoever enters it."""
    before = structlog.get_config()["wrapper_class"]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable()
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
        structlog.configure(wrapper_class=before)


class _ToStructlog(logging.Handler):
    """Sends what libraries log through the same processors."""

    @override
    def emit(self, record: logging.LogRecord) -> None:
        log: structlog.typing.FilteringBoundLogger = structlog.get_logger()
        log.log(
            record.levelno,
            "library.logged",
            library=record.name,
            message=record.getMessage(),
            exc_info=record.exc_info,
        )


def _add_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = format(context.trace_id, "032x")
    return event


def _render_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    return orjson.dumps(event, default=repr).decode()
