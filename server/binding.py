"""The address to listen on, had before anything else is opened; or why it cannot be had."""

import errno
import socket
from typing import Final

from runtime.start import CannotStart

BACKLOG: Final = 2_048


class PortInUse(CannotStart):
    def __init__(self, port: int) -> None:
        remedy = "stop what listens there, or set EXPLORE_HTTP_PORT to another port"
        super().__init__(f"port {port} is in use", remedy)


def bind(host: str, port: int) -> socket.socket:
    """A socket at that address; port 0 takes a free one. `::` listens for IPv4 as well.

    Raises:
        CannotStart: it cannot be had.

    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError):  # the latter where a part of a name is too long
        raise CannotStart(f"EXPLORE_HTTP_HOST {host} is no address", "use 127.0.0.1") from None
    try:
        bound = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _refusal(host, port, error) from None
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        bound.bind(address)
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        raise _refusal(host, port, error) from None
    bound.setblocking(False)
    return bound


def _refusal(host: str, port: int, error: OSError) -> CannotStart:
    if error.errno == errno.EADDRINUSE:
        return PortInUse(port)
    if error.errno == errno.EACCES:
        return CannotStart(f"port {port} is not allowed here", "set EXPLORE_HTTP_PORT above 1023")
    remedy = "set EXPLORE_HTTP_HOST to an address of this machine"
    return CannotStart(f"{host} cannot be listened on ({error.strerror})", remedy)
