"""A port that can be taken away, and that counts how often it is asked."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

from domain.errors import Unavailable

PortT = TypeVar("PortT")


class Outage:
    """While ``away`` every call fails as an engine does that is down; ``calls`` are by method."""

    def __init__(self, dependency: str) -> None:
        self.dependency = dependency
        self.away = False
        self.calls: Counter[str] = Counter()

    def over(self, port: PortT) -> PortT:
        """The port as it was, behind this outage."""
        return cast("PortT", _Guarded(port, self))


class _Guarded:
    def __init__(self, port: object, outage: Outage) -> None:
        self._port = port
        self._outage = outage

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        method = getattr(self._port, name)

        async def call(*arguments: object, **named: object) -> Any:  # noqa: ANN401 - any port's
            self._outage.calls[name] += 1
            if self._outage.away:
                raise Unavailable(self._outage.dependency)
            return await method(*arguments, **named)

        return call
