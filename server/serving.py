"""One process, one port: bound first, so that a taken one is told before anything is opened."""

import socket
from typing import Final

import structlog
import uvicorn
from starlette.types import ASGIApp

from runtime.clock import Clock
from server.binding import BACKLOG
from server.drain import DrainingServer
from server.graphql_request import LARGEST_BODY
from server.health import Readiness

GRACEFUL: Final = 5  # seconds for what is in flight when the listener has closed
KEEP_ALIVE: Final = 75  # seconds; longer than the usual balancer's, which must close first
PING: Final = 20.0  # seconds between pings of a WebSocket

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


async def serve(
    app: ASGIApp, bound: socket.socket, readiness: Readiness, clock: Clock, *, drain: float
) -> None:
    """Serve until a signal asks to stop, then drain for `drain` seconds and finish."""
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # whose word counts is decided in client_address
        ws="websockets-sansio",
        ws_max_size=LARGEST_BODY,
        ws_ping_interval=PING,
        ws_ping_timeout=PING,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACEFUL,
        backlog=BACKLOG,
    )
    host, port = bound.getsockname()[:2]
    log.info("server.listening", host=host, port=port)
    await DrainingServer(config, readiness, clock, drain=drain).serve([bound])
    log.info("server.stopped")
