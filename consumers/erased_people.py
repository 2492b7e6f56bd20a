"""Whose deeds are to be skipped, as every consumer knows it: read again each second."""

from typing import Final

from domain.erasure import MARK, subject_hash
from domain.events import (
    EngagementType,
    EngagementUpdated,
    Event,
    UserBlocked,
    UserFollowed,
    UserInteraction,
)
from domain.ports.erasures import Erasures
from runtime.clock import Clock

REFRESH: Final = 1.0  # seconds
OVERLAP: Final = 60.0  # seconds read again: a transaction may commit later than its clock says
FOREVER: Final = float("inf")


class ErasedPeople:
    """About 150 bytes for each person who was ever erased."""

    def __init__(self, erasures: Erasures, clock: Clock) -> None:
        self._erasures = erasures
        self._clock = clock
        self._until: dict[bytes, float] = {}
        self._read_to = 0.0
        self._refreshed = float("-inf")

    async def refresh(self) -> None:
        """Learn of new ones, at most once a second.

        Raises:
            Unavailable: they cannot be known; then nothing may be applied.

        """
        if self._clock.monotonic() - self._refreshed < REFRESH:
            return
        started = self._clock.monotonic()
        for one in await self._erasures.tombstones(max(0.0, self._read_to - OVERLAP)):
            until = FOREVER if one.until is None else one.until
            # Of two erasures of one person the later one reaches further.
            known = self._until.get(one.subject_hash, 0.0)
            self._until[one.subject_hash] = until if known == FOREVER else max(until, known)
            self._read_to = max(self._read_to, one.changed_at)
        self._refreshed = started

    def forgot(self, event: Event, at: float) -> bool:
        """Whether the event, dated ``at``, was done by somebody erased since."""
        if not self._until:
            return False
        person = _person(event)
        return person is not None and at <= self._until.get(subject_hash(person), -1.0)


def _person(event: Event) -> str | None:
    """Who did it. A view is counted and never kept; taking back is the erasure's own work."""
    if isinstance(event, EngagementUpdated):
        own = event.event_id is not None and event.event_id.startswith(MARK)
        return None if own or event.type is EngagementType.VIEW else event.user_id
    if isinstance(event, UserInteraction | UserFollowed | UserBlocked):
        return event.user_id
    return None
