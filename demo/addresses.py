"""How a server that listens on an address is found from this machine."""

from ipaddress import ip_address
from typing import Final

LOOPBACK: Final = "127.0.0.1"


def reachable(host: str) -> str:
    """A host to connect to, where a server listens on `host`; `::` listens for IPv4 as well."""
    try:
        return LOOPBACK if ip_address(host).is_unspecified else host
    except ValueError:
        return host


def in_url(host: str) -> str:
    """The host as it stands in an address of the web."""
    return f"[{host}]" if ":" in host else host
