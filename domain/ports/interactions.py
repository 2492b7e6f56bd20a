"""The history of interactions, and what is read from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.events import Action
from domain.ports.stored import Stored


@dataclass(frozen=True, slots=True)
class InteractionRow(Stored):
    """An interaction for PostgreSQL's history (evaluation, co-engagement).

    ``propensity`` is the chance that exploration had given the post when it was served.
    """

    user_id: str
    action: Action
    post_id: str | None
    creator_id: str | None
    hashtag: str | None
    counted: bool
    propensity: float | None = None


class Interactions(Protocol):
    """The history of interactions, kept by day."""

    async def insert(self, rows: Sequence[InteractionRow]) -> None:
        """Idempotent by partition and sequence."""
        ...

    async def prepare(self, now: float) -> None:
        """Make sure that yesterday and the next three days have a partition of their own."""
        ...

    async def forget(self, before: float) -> None:
        """Drop the days that end before a time (UTC)."""
        ...


class ActiveViewers(Protocol):
    async def active(
        self, partition: int, *, after: int, through: int, limit: int
    ) -> Sequence[tuple[int, str]]:
        """Who did something there between two sequences: sequence and viewer, in their order."""
        ...


class EngagedPairs(Protocol):
    async def pairs(self, *, since: float, limit: int) -> Sequence[tuple[str, str]]:
        """Who engaged with which post since then and did not take it back: distinct, latest first.

        Engaging is liking, commenting, sharing, saving.
        """
        ...
