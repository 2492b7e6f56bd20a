"""Keeps unit tests off the network: only tests marked as such may open connections."""

import socket

import pytest

OPEN_FOR = ("integration", "end_to_end")
Address = tuple[str, int] | tuple[str, int, int, int] | str | bytes
INTERNET = (socket.AF_INET, socket.AF_INET6)


class NetworkIsClosed(AssertionError):
    """A unit test reached for the network: mark it `integration`, or give it a fake."""

    def __init__(self, address: object) -> None:
        super().__init__(f"this test is not marked {' or '.join(OPEN_FOR)}: {address!r}")


@pytest.fixture(autouse=True)
def closed_sockets(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections to the network; Unix sockets and socket pairs are free."""
    if any(request.node.get_closest_marker(name) for name in OPEN_FOR):
        return
    connect = socket.socket.connect
    connect_ex = socket.socket.connect_ex

    def guarded(one: socket.socket, address: Address) -> None:
        _refuse_internet(one, address)
        connect(one, address)

    def guarded_ex(one: socket.socket, address: Address) -> int:
        _refuse_internet(one, address)
        return connect_ex(one, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_ex)


def _refuse_internet(one: socket.socket, address: object) -> None:
    if one.family in INTERNET:
        raise NetworkIsClosed(address)
