"""Events that wait in PostgreSQL to be published."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from domain.events import Event


class Outbox(Protocol):
    """Events that were decided on together with a write of ours."""

    async def relay(
        self, publish: Callable[[Sequence[Event]], Awaitable[None]], *, limit: int
    ) -> int:
        """Publish the oldest ones in order and mark them; how many. One relay works at a time."""
        ...
