"""What becomes of moderators' cases by the clock."""

from typing import Final

from domain.eligibility import DAY, shadow_ban_seconds
from domain.ports.moderation_upkeep import ModerationUpkeep
from domain.trending import PEOPLE_THRESHOLD
from runtime.clock import Clock

RISING_SECONDS: Final = DAY  # reactions count for so long
ENDED_AT_ONCE: Final = 100
CLAIMS_KEPT: Final = DAY


class CaseUpkeep:
    def __init__(self, cases: ModerationUpkeep, clock: Clock) -> None:
        self._cases = cases
        self._clock = clock

    async def mark_rising(self) -> None:
        """Bring posts that are held back, and that many react to, before moderators sooner."""
        since = self._clock.now() - RISING_SECONDS
        await self._cases.mark_rising(since=since, people=PEOPLE_THRESHOLD)

    async def end(self) -> None:
        """Take back shadow bans that have expired, and forget claims that are long over."""
        now = self._clock.now()
        if (lasts := shadow_ban_seconds()) is not None:
            await self._cases.end_bans(before=now - lasts, at=now, limit=ENDED_AT_ONCE)
        await self._cases.forget_claims(now - CLAIMS_KEPT)
