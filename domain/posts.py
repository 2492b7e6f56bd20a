"""A post as the read path knows it: one packed record with all that a card shows."""

from enum import StrEnum

import msgspec

from domain.eligibility import expires_at, is_recommendable, is_shown, list_verdicts
from domain.moderation import ReviewStatus, SafetyScores, is_sensitive
from domain.policy_columns import NOTHING


class MediaKind(StrEnum):
    IMAGE = "IMAGE"
    VIDEO = "VIDEO"
    AUDIO = "AUDIO"
    LINK = "LINK"


class Media(msgspec.Struct, frozen=True, array_like=True):
    url: str
    kind: MediaKind
    width: int | None = None
    height: int | None = None
    alt: str | None = None


class PostCategory(msgspec.Struct, frozen=True, array_like=True):
    slug: str
    confidence: float


class PostRecord(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """``revision`` grows with every change; ``created_at`` is in epoch seconds.

    ``categories`` are ordered by confidence, the best first; ``hashtags`` are normalized.
    ``decided_at`` is when a person decided what holds now, None where nobody did.
    Fields are packed by position: append new ones at the end, with defaults.
    """

    id: str
    revision: int
    author_id: str
    title: str | None
    text: str
    url: str | None
    language: str | None
    region: str | None
    created_at: float
    categories: tuple[PostCategory, ...]
    hashtags: tuple[str, ...]
    media: tuple[Media, ...]
    status: ReviewStatus
    scores: SafetyScores
    deleted: bool = False
    decided_at: float | None = None

    @property
    def category(self) -> str | None:
        """The most confident category's slug."""
        return self.categories[0].slug if self.categories else None

    @property
    def recommendable(self) -> bool:
        return not self.deleted and is_recommendable(self.status, self.scores)

    @property
    def list_verdicts(self) -> int:
        """What lists may do with it, as bits (``domain.policy_columns``)."""
        return NOTHING if self.deleted else list_verdicts(self.status, self.scores)

    @property
    def expires_at(self) -> float | None:
        """When the status changes by itself, in epoch seconds; None where it does not."""
        return expires_at(self.status, self.scores, self.decided_at)

    @property
    def sensitive(self) -> bool:
        return is_sensitive(self.scores)

    def visible_to(self, viewer_id: str | None) -> bool:
        """Whether ``node`` and a creator's page may show it to this caller."""
        return not self.deleted and is_shown(self.status, own=viewer_id == self.author_id)


class PostStats(msgspec.Struct, frozen=True, array_like=True):
    likes: int = 0
    comments: int = 0
    reposts: int = 0
    views: int = 0
