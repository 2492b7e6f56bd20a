"""Ports of this machine: which are free, and which were taken the last time."""

import secrets
import socket
from collections.abc import Iterable, Sequence
from typing import Final

from runtime.start import CannotStart

HOST: Final = "127.0.0.1"
# Below 32768, where Linux begins to take ports for outgoing connections: what is free here stays
# free until the engine takes it.
RANDOM: Final = range(20_000, 32_000)
ATTEMPTS: Final = 200


class NoFreePort(CannotStart):
    def __init__(self) -> None:
        super().__init__("no free port was found", "stop what listens on this machine's ports")


def is_free(port: int, host: str = HOST) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def next_free(first: int, offsets: Sequence[int], taken: Iterable[int]) -> int:
    """The first port from `first` on that is free with all its offsets and not in `taken`."""
    return _first_usable(range(first, first + ATTEMPTS), offsets, taken)


def random_free(offsets: Sequence[int], taken: Iterable[int]) -> int:
    """Any port that is free with all its offsets and not in `taken`."""
    candidates = (secrets.choice(RANDOM) for _ in range(ATTEMPTS))
    return _first_usable(candidates, offsets, taken)


def _first_usable(candidates: Iterable[int], offsets: Sequence[int], taken: Iterable[int]) -> int:
    occupied = frozenset(taken)
    for port in candidates:
        wanted = [port + offset for offset in offsets]
        if occupied.isdisjoint(wanted) and all(is_free(one) for one in wanted):
            return port
    raise NoFreePort
