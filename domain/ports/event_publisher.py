"""Events on their way to Kafka."""

from collections.abc import Sequence
from typing import Protocol

from domain.events import Event


class EventPublisher(Protocol):
    async def publish(self, events: Sequence[Event]) -> None:
        """Return once every event is acknowledged by Kafka, in 40 ms or ``Unavailable``."""
        ...
