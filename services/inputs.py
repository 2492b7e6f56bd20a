"""What callers may say, as the GraphQL layer hands it to services: parsed, not yet judged.

Fields named ``global_id`` hold the opaque ids of the API, all other ids are bare.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum

from domain.events import Action, NotInterestedReason
from domain.moderation import ReviewStatus, SafetyReason


class Unset(Enum):
    """A field that the caller left out, where null means something else."""

    UNSET = "UNSET"


@dataclass(frozen=True, slots=True)
class TrendingScope:
    """At most one is set; none means worldwide."""

    region: str | None = None
    category: str | None = None
    hashtag: str | None = None


@dataclass(frozen=True, slots=True)
class SearchFilter:
    category: str | None = None
    hashtag: str | None = None
    language: str | None = None
    region: str | None = None
    since: float | None = None
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Exactly one is set."""

    post_global_id: str | None = None
    creator_global_id: str | None = None
    hashtag: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Interaction:
    target: Target
    action: Action
    duration_ms: int | None = None
    token: str | None = None
    occurred_at: float | None = None


class InterestChange(StrEnum):
    PIN = "PIN"
    MUTE = "MUTE"
    FORGET = "FORGET"


@dataclass(frozen=True, slots=True)
class NotInterested:
    post_global_id: str
    because: NotInterestedReason = NotInterestedReason.POST
    token: str | None = None


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """None leaves a setting as it is; for ``region`` UNSET does and None clears it."""

    show_sensitive: bool | None = None
    languages: tuple[str, ...] | None = None
    region: str | Unset | None = Unset.UNSET
    muted_keywords: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Report:
    post_global_id: str
    reason: SafetyReason
    note: str | None = None


class ReviewDecision(StrEnum):
    APPROVE = "APPROVE"
    REJECT = "REJECT"
    SHADOW_BAN = "SHADOW_BAN"
    ESCALATE = "ESCALATE"
    CLEAR = "CLEAR"


@dataclass(frozen=True, slots=True)
class Review:
    post_global_id: str
    decision: ReviewDecision
    reason: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CaseClaim:
    """``release`` gives the post back instead."""

    post_global_id: str
    release: bool = False


@dataclass(frozen=True, slots=True)
class ModerationFilter:
    """Empty means all."""

    statuses: tuple[ReviewStatus, ...] = ()
    reasons: tuple[SafetyReason, ...] = ()


@dataclass(frozen=True, slots=True)
class CategoryChange:
    """None leaves a field as it is, or at its default in a new category."""

    slug: str
    name: str
    description: str | None = None
    icon_url: str | None = None
    display_order: int | None = None
    is_active: bool | None = None
