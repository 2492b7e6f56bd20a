"""What happens to moderation's cases by the clock."""

from typing import Protocol


class ModerationUpkeep(Protocol):
    """What happens to cases by the clock."""

    async def mark_rising(self, *, since: float, people: int) -> int:
        """Tell which posts that are held back would trend; how many changed.

        Those that so many different people have reacted to since a time.
        """
        ...

    async def end_bans(self, *, before: float, at: float, limit: int) -> int:
        """Take back, as of ``at``, shadow bans from before a time; how many there were."""
        ...

    async def forget_claims(self, before: float) -> None: ...
