"""A publisher that keeps what it was given."""

from collections.abc import Sequence

from domain.errors import Unavailable
from domain.events import Event


class MemoryPublisher:
    """While ``away``, it accepts nothing."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.away = False

    async def publish(self, events: Sequence[Event]) -> None:
        if self.away and events:
            raise Unavailable("kafka")
        self.events += events
