"""Cases, the queue that moderators work off, and what viewers report."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from domain.events import Decision
from domain.moderation import ReviewStatus, SafetyReason
from domain.posts import PostRecord


@dataclass(frozen=True, slots=True)
class Review:
    """A person's decision; ``actor`` is the moderator's bare id."""

    at: float
    actor: str
    decision: Decision
    reason: str | None
    note: str | None


REPORTS_READ: Final = 20


@dataclass(frozen=True, slots=True)
class ViewerReport:
    """What a viewer told about a post; who it was is not the moderators' business."""

    at: float
    reason: SafetyReason
    note: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A moderator, by the bare id, looks at a post ``until`` a time."""

    moderator: str
    until: float


@dataclass(frozen=True, slots=True)
class ModerationCase:
    """A post with all that a moderator must know; ``history`` is oldest first.

    ``urgency`` orders the queue: the higher, the sooner. ``created_at`` is when the post became
    known to moderation. ``rising``: held back, and as many reacted as a post needs to trend.
    ``claim`` is the latest, over or not. ``reported`` are the latest reports, newest first, at
    most ``REPORTS_READ``.
    """

    post: PostRecord
    reasons: tuple[SafetyReason, ...]
    reports: int
    urgency: float
    created_at: float
    history: tuple[Review, ...]
    rising: bool = False
    claim: Claim | None = None
    reported: tuple[ViewerReport, ...] = ()


@dataclass(frozen=True, slots=True)
class ModerationPage:
    cases: Sequence[ModerationCase]
    total: int


class Moderation(Protocol):
    async def queue(
        self,
        *,
        statuses: Collection[ReviewStatus],
        reasons: Collection[SafetyReason],
        limit: int,
        after: tuple[float, str] | None,
    ) -> ModerationPage:
        """Most urgent first, after the (urgency, post id) of the last case shown.

        With no ``statuses``, those that wait for a person: PENDING_REVIEW, ESCALATED, UNCLASSIFIED
        ones that would trend, and whatever was reported since a person last decided.
        ``reasons``: any of them, whether machines or viewers named it; empty: all.
        """
        ...

    async def cases(self, post_ids: Sequence[str]) -> Sequence[ModerationCase | None]: ...
    async def claim(self, post_id: str, claim: Claim, *, now: float) -> Claim | None:
        """Whose the post is from now on: the one asked for, unless another's lasts still.

        None where there is no such post. A claim that ends at ``now`` gives the post back.
        """
        ...

    async def decide(self, post_id: str, review: Review) -> ModerationCase | Claim | None:
        """Apply, append to the history and put the event into the outbox, in one transaction.

        It ends the moderator's claim. With nothing written: None where the post is unknown or
        deleted, another moderator's claim where that lasts at the time of the review.
        """
        ...

    async def report(
        self, post_id: str, *, reporter: str, reason: SafetyReason, note: str | None, at: float
    ) -> bool | None:
        """Whether this is the reporter's first report of the post; None: no such post."""
        ...
