"""Ports are chosen so that what is free stays free until an engine takes it."""

import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from demo import ports
from demo.children import Child
from demo.engines.places import FILE, assign, assign_randomly


class FakeEngine:
    """Wants a port and the next one."""

    setting = "EXPLORE_THING"
    default_port = 27_000
    port_offsets = (0, 1)
    forgets = False

    def __init__(self, name: str) -> None:
        self.name = name

    def settings(self, port: int) -> dict[str, str]:
        return {self.setting: str(port)}

    def child(self, port: int) -> Child:
        raise NotImplementedError


@contextmanager
def taken(port: int, host: str = "127.0.0.1") -> Generator[None, None, None]:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
        yield


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - who listens everywhere listens there
def test_a_port_with_a_listener_is_not_free(host: str) -> None:
    port = ports.random_free((0,), ())
    with taken(port, host):
        assert not ports.is_free(port)
    assert ports.is_free(port)


def test_the_next_free_port_has_its_offsets_free_too() -> None:
    first = ports.random_free((0, 1, 2, 3, 4), ())
    with taken(first + 1):
        assert ports.next_free(first, (0,), ()) == first
        assert ports.next_free(first, (0, 1), ()) == first + 2
        assert ports.next_free(first, (0, 1), {first + 2}) == first + 3


def test_random_ports_lie_below_those_of_outgoing_connections() -> None:
    assert {ports.random_free((0,), ()) in ports.RANDOM for _ in range(20)} == {True}


def test_no_free_port_is_an_error() -> None:
    with pytest.raises(ports.NoFreePort):
        ports.next_free(27_000, (0,), range(27_000, 27_000 + ports.ATTEMPTS))


def test_an_engine_gets_the_port_it_had(tmp_path: Path) -> None:
    engines = [FakeEngine("a"), FakeEngine("b")]
    places = assign(engines, tmp_path, reserved=8000)
    assert places["b"] >= places["a"] + 2
    assert assign([FakeEngine("b")], tmp_path, reserved=8000) == {"b": places["b"]}
    assert assign(engines, tmp_path, reserved=8000) == places


def test_an_engine_whose_port_is_taken_gets_the_next_one(tmp_path: Path) -> None:
    places = assign([FakeEngine("a")], tmp_path, reserved=8000)
    with taken(places["a"]):
        assert assign([FakeEngine("a")], tmp_path, reserved=8000)["a"] > places["a"]


def test_a_broken_note_of_ports_is_no_note(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{broken")
    assert assign([FakeEngine("a")], tmp_path, reserved=8000)["a"] >= FakeEngine.default_port


def test_engines_never_share_a_port() -> None:
    places = assign_randomly([FakeEngine(name) for name in "abcdef"], reserved=8000)
    assert len({port + offset for port in places.values() for offset in (0, 1)}) == 12
