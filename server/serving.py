"""How we have uvicorn serve: our own limits, log lines and end."""

from typing import Final

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


def create_server(
    app: ASGIApp, readiness: Readiness, clock: Clock, *, drain: float
) -> DrainingServer:
    """A server that drains for `drain` seconds when a signal asks it to stop."""
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
    return DrainingServer(config, readiness, clock, drain=drain)
