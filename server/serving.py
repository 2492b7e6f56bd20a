"""One process, one port: bound first, so that a taken one is told before anything is opened."""

import errno
import socket
from typing import Final

import structlog
import uvicorn
from starlette.types import ASGIApp

from runtime.clock import Clock
from runtime.start import CannotStart
from server.drain import DrainingServer
from server.graphql_request import LARGEST_BODY
from server.health import Readiness

GRACEFUL: Final = 5  # seconds for what is in flight when the listener has closed
KEEP_ALIVE: Final = 75  # seconds; longer than the usual balancer's, which must close first
PING: Final = 20.0  # seconds between pings of a WebSocket
BACKLOG: Final = 2_048

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


def bind(host: str, port: int) -> socket.socket:
    """A socket at that address; port 0 takes a free one.

    Raises:
        CannotStart: it cannot be had.

    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError:
        raise CannotStart(f"EXPLORE_HTTP_HOST {host} is no address", "use 127.0.0.1") from None
    bound = socket.socket(family, kind, protocol)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(address)
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        raise _refusal(host, port, error) from None
    bound.setblocking(False)
    return bound


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


def _refusal(host: str, port: int, error: OSError) -> CannotStart:
    if error.errno == errno.EADDRINUSE:
        remedy = "stop what listens there, or set EXPLORE_HTTP_PORT to another port"
        return CannotStart(f"port {port} is in use", remedy)
    if error.errno == errno.EACCES:
        return CannotStart(f"port {port} is not allowed here", "set EXPLORE_HTTP_PORT above 1023")
    remedy = "set EXPLORE_HTTP_HOST to an address of this machine"
    return CannotStart(f"{host} cannot be listened on ({error.strerror})", remedy)
