"""Crashes between any two steps: ports that die at a chosen call."""

from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from domain.errors import Unavailable

P = TypeVar("P")


class Died(Exception):
    """The process is gone; what it had in memory is, too."""


class Fate:
    """Dies before the effect of a port's call (even numbers) or after it (odd numbers).

    Or fails there with an outage, and the process lives on.
    """

    def __init__(self, moment: int | None = None, outage: Unavailable | None = None) -> None:
        self._moment = moment
        self._outage = outage
        self.moments = 0

    def pass_moment(self) -> None:
        self.moments += 1
        if self.moments - 1 == self._moment:
            raise self._outage or Died


def mortal(port: P, fate: Fate) -> P:
    """The port, each of whose calls has a moment before and one after its effect."""
    return cast("P", _Mortal(port, fate))


class _Mortal:
    def __init__(self, port: object, fate: Fate) -> None:
        self._port = port
        self._fate = fate

    def __getattr__(self, name: str) -> Callable[..., Awaitable[object]]:
        method = getattr(self._port, name)

        async def call(*arguments: object, **named: object) -> object:
            self._fate.pass_moment()
            result = await method(*arguments, **named)
            self._fate.pass_moment()
            return result

        return call
