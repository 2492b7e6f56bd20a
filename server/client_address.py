"""The address that an anonymous caller counts as."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

Networks = Sequence[IPv4Network | IPv6Network]
UNKNOWN: Final = "unknown"  # such as a Unix socket's peer: all of them count as one
MAX_HOPS: Final = 10
SUBSCRIBER_BITS: Final = 64  # of an IPv6 address; the rest is the subscriber's own to vary


def client_address(peer: str | None, forwarded_for: str | None, trusted: Networks) -> str:
    """The peer, or the last address in `X-Forwarded-For` that no trusted proxy added.

    Whatever stands left of that one was written by the client and proves nothing.
    """
    address = _parse(peer)
    if address is None:
        return UNKNOWN
    for hop in reversed((forwarded_for or "").split(",")[-MAX_HOPS:]):
        if not any(address in network for network in trusted):
            break
        claimed = _parse(hop)
        if claimed is None:
            break
        address = claimed
    return _party(address)


def _parse(text: str | None) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address((text or "").strip())
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _party(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((address.packed, SUBSCRIBER_BITS), strict=False).network_address)
