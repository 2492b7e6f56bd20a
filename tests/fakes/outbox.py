"""Events that wait to be published, in memory."""

from collections.abc import Awaitable, Callable, Sequence

from domain.events import Event


class MemoryOutbox:
    def __init__(self) -> None:
        self.waiting: list[Event] = []

    async def relay(
        self, publish: Callable[[Sequence[Event]], Awaitable[None]], *, limit: int
    ) -> int:
        oldest = self.waiting[:limit]
        if oldest:
            await publish(oldest)
            del self.waiting[: len(oldest)]
        return len(oldest)
