"""Calls to one store, each with a span, its duration and how it failed.

A client of a store enters what `StoreCalls` gives around each call. Without a registry and
without anyone who collects spans that costs a microsecond.
"""

from contextlib import AbstractContextManager
from time import perf_counter
from types import TracebackType
from typing import Final, final

from prometheus_client import Histogram

from domain.errors import Unavailable
from runtime.metrics import Metrics
from runtime.tracing import span

# Of clients whose time-outs are no `TimeoutError` of Python's, by name: only they are imported
# where the client is.
TIMED_OUT: Final = frozenset(
    {"TimeoutError", "KafkaTimeoutError", "RequestTimedOutError", "ConnectionTimeout"}
)


class StoreCalls:
    """`store` is redis, postgresql, opensearch or kafka."""

    def __init__(self, store: str, metrics: Metrics | None = None) -> None:
        self._store = store
        self._metrics = metrics
        self._seconds: dict[str, Histogram] = {}

    def __call__(self, call: str) -> "Measured":
        """To be entered around a call; `call` is from a closed set."""
        return Measured(self, f"{self._store}.{call}", self._histogram(call))

    def failed(self, error: Unavailable) -> None:
        if self._metrics is not None:
            self._metrics.store_failures.labels(self._store, _reason(error)).inc()

    def _histogram(self, call: str) -> Histogram | None:
        """Kept by call: looking one up by its labels takes as long as everything else here."""
        if self._metrics is None:
            return None
        kept = self._seconds.get(call)
        if kept is None:
            kept = self._metrics.store_call_seconds.labels(self._store, call)
            self._seconds[call] = kept
        return kept


@final
class Measured:
    """One call. What fails as `Unavailable` counts; what the caller gives up does not."""

    __slots__ = ("_calls", "_name", "_seconds", "_span", "_started")

    def __init__(self, calls: StoreCalls, name: str, seconds: Histogram | None) -> None:
        self._calls = calls
        self._name = name
        self._seconds = seconds
        self._span: AbstractContextManager[object] | None = None
        self._started = 0.0

    def __enter__(self) -> None:
        self._span = span(self._name)
        self._span.__enter__()
        self._started = perf_counter()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._seconds is not None:
            self._seconds.observe(perf_counter() - self._started)
        if isinstance(error, Unavailable):
            self._calls.failed(error)
        if self._span is not None:
            self._span.__exit__(kind, error, traceback)


def _reason(error: Unavailable) -> str:
    cause = error.__cause__
    timed_out = isinstance(cause, TimeoutError) or type(cause).__name__ in TIMED_OUT
    return "timeout" if timed_out else "unavailable"
