"""Periodic work that one process of many does at a time."""

from collections.abc import Awaitable, Callable

from domain.ports.leases import Leases

GRACE = 5.0  # seconds beyond an interval, so that the one who works keeps working


class Alone:
    """The lease outlives an interval, so another process takes over only if its holder is gone."""

    def __init__(self, leases: Leases, holder: str) -> None:
        self._leases = leases
        self._holder = holder

    def doing(
        self, name: str, seconds: float, work: Callable[[], Awaitable[object]]
    ) -> Callable[[], Awaitable[None]]:
        """``work``, skipped while another process does it every ``seconds``."""

        async def take_turn() -> None:
            if await self._leases.take(name, self._holder, seconds + GRACE):
                await work()

        return take_turn
