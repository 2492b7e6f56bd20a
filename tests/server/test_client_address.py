"""Whose address counts, behind proxies and behind lies."""

from ipaddress import ip_network

import pytest

from server.client_address import UNKNOWN, client_address

TRUSTED = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("203.0.113.7", None, "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
        ("10.0.0.1", "10.1.1.1,10.2.2.2", "10.1.1.1"),
        ("10.0.0.1", "198.51.100.1, unknown", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1:80", "10.0.0.1"),
        ("10.0.0.1", "1.1.1.1," + "10.0.0.2," * 5_000 + "10.0.0.3", "10.0.0.2"),
        ("::ffff:203.0.113.7", None, "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", None, "2001:db8:1:2::"),
        ("fd00::1", "2001:db8::1", "2001:db8::"),
        (None, "198.51.100.1", UNKNOWN),
        ("/run/explore.sock", None, UNKNOWN),
    ],
)
def test_addresses(peer: str | None, forwarded: str | None, counted: str) -> None:
    assert client_address(peer, forwarded, TRUSTED) == counted
