"""What PostgreSQL need not keep: histories beyond what anything reads."""

from typing import Final

from domain.ports.hashtags import Hashtags
from domain.ports.interactions import Interactions
from runtime.clock import Clock

DAY: Final = 86_400.0
INTERACTIONS_KEPT: Final = 90 * DAY  # co-engagement and evaluation look back this far
USES_KEPT: Final = 32 * DAY  # four weeks of history for the weekly lists


class Retention:
    def __init__(self, interactions: Interactions, hashtags: Hashtags, clock: Clock) -> None:
        self._interactions = interactions
        self._hashtags = hashtags
        self._clock = clock

    async def keep(self) -> None:
        """Make room for the next days and drop what is too old."""
        now = self._clock.now()
        await self._interactions.prepare(now)
        await self._interactions.forget(now - INTERACTIONS_KEPT)
        await self._hashtags.forget(now - USES_KEPT)
