"""Around every request: its id, its log line, its metrics, headers that keep browsers careful.

Pure ASGI. What fails unforeseen below is answered here, masked, so that no traceback leaves.
"""

import secrets
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Final

import orjson
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.clock import Clock
from runtime.metrics import Metrics
from runtime.tracing import annotate, span
from server.error_codes import internal_error
from server.request_record import KEY, OTHER, Outcome, RequestRecord

CAREFUL: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
QUIET: Final = frozenset({"/livez", "/readyz", "/startupz", "/metrics"})  # asked every second
METHODS: Final = frozenset({"GET", "POST", "HEAD", "DELETE", "OPTIONS"})

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class Observed:
    """Wraps the application; `routes` are the paths that metrics tell apart."""

    def __init__(
        self, app: ASGIApp, *, routes: frozenset[str], clock: Clock, metrics: Metrics
    ) -> None:
        self._app = app
        self._routes = routes
        self._clock = clock
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        record = RequestRecord(secrets.token_hex(8), route=path if path in self._routes else OTHER)
        scope[KEY] = record
        with (
            structlog.contextvars.bound_contextvars(request_id=record.request_id),
            _span(scope, record),
        ):
            if scope["type"] == "http":
                await self._http(scope, receive, send, record)
            else:
                await self._app(scope, receive, send)
                log.info("connection.closed", route=record.route)

    async def _http(
        self, scope: Scope, receive: Receive, send: Send, record: RequestRecord
    ) -> None:
        started = self._clock.monotonic()
        status = 0

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given: list[tuple[bytes, bytes]] = list(message["headers"])
                names = {name for name, _ in given}
                message["headers"] = [
                    *given,
                    *(header for header in CAREFUL if header[0] not in names),
                    (b"x-request-id", record.request_id.encode()),
                ]
            await send(message)

        try:
            await self._app(scope, receive, observed)
        except Exception:
            log.exception("request.failed", route=record.route)
            record.note(Outcome.ERROR)
            if status:
                raise
            await _send_failure(observed, record.request_id)
        finally:
            self._account(scope["method"], status, self._clock.monotonic() - started, record)

    def _account(self, method: str, status: int, seconds: float, record: RequestRecord) -> None:
        label = method if method in METHODS else OTHER
        metrics = self._metrics
        metrics.http_request_seconds.labels(record.route, label, str(status)).observe(seconds)
        if "operation" in record.fields:
            metrics.operation_seconds.labels(record.operation, record.outcome).observe(seconds)
        if record.route not in QUIET:
            annotate({"http.response.status_code": status})
            log.info(
                "request.served",
                method=label,
                route=record.route,
                status=status,
                milliseconds=round(seconds * 1_000, 2),
                outcome=record.outcome,
                **record.fields,
            )


def _span(scope: Scope, record: RequestRecord) -> AbstractContextManager[object]:
    """Around the whole request, its log line included, so that the line names the trace."""
    if record.route in QUIET:
        return nullcontext()
    method: str = scope.get("method", "WEBSOCKET")
    attributes = {"http.route": record.route, "explore.request_id": record.request_id}
    return span(f"{method if method in METHODS else OTHER} {record.route}", attributes)


async def _send_failure(send: Send, request_id: str) -> None:
    body: Mapping[str, object] = {"errors": [internal_error(request_id).formatted]}
    content = orjson.dumps(body)
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"cache-control", b"private, no-store"),
        (b"content-length", str(len(content)).encode()),
    ]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": content})
