"""The values that a post is made of."""

from typing import Final, Self

import strawberry

from domain.moderation import ReviewStatus, SafetyReason
from domain.posts import Media as MediaRecord
from domain.posts import MediaKind
from domain.posts import PostStats as Counts
from schema.categories import Category
from schema.scalars import URL, DateTime, bounded_int
from services import pages

NOTICES: Final = {
    SafetyReason.NSFW: "This post may not be for every eye or place.",
    SafetyReason.TOXICITY: "This post may hurt.",
}
NOTICE: Final = "This post may be sensitive."


@strawberry.type(description="A category that a post was sorted into.")
class PostCategory:
    category: Category = strawberry.field(description="The category.")
    confidence: float = strawberry.field(description="How sure the classifier is, 0 to 1.")


@strawberry.type(description="How people reacted to a post, counted once per person or event.")
class PostStats:
    likes: int = strawberry.field(description="People who like it.")
    comments: int = strawberry.field(description="Comments.")
    reposts: int = strawberry.field(description="Reposts.")
    views: int = strawberry.field(description="Views.")

    @classmethod
    def of(cls, counts: Counts) -> Self:
        return cls(
            likes=bounded_int(counts.likes),
            comments=bounded_int(counts.comments),
            reposts=bounded_int(counts.reposts),
            views=bounded_int(counts.views),
        )


@strawberry.type(description="What the caller did with a post.")
class PostViewerState:
    has_liked: bool = strawberry.field(description="The caller likes it.")
    has_saved: bool = strawberry.field(description="The caller saved it.")
    has_seen: bool = strawberry.field(description="The caller saw it in the last 7 days.")

    @classmethod
    def of(cls, state: pages.PostViewerState) -> Self:
        return cls(has_liked=state.has_liked, has_saved=state.has_saved, has_seen=state.has_seen)


@strawberry.type(description="A picture, a film, a sound or a page that belongs to a post.")
class Media:
    url: URL = strawberry.field(description="Where it is.")
    kind: MediaKind = strawberry.field(description="What it is.")
    width: int | None = strawberry.field(description="In pixels; null where it is not known.")
    height: int | None = strawberry.field(description="In pixels; null where it is not known.")
    alt: str | None = strawberry.field(
        description="What it shows, for those who cannot see it; null where nobody said."
    )

    @classmethod
    def of(cls, media: MediaRecord, url: URL) -> Self:
        return cls(url=url, kind=media.kind, width=media.width, height=media.height, alt=media.alt)


@strawberry.type(description="A notice to show before a post.")
class Interstitial:
    reason: SafetyReason = strawberry.field(description="Why there is one.")
    message: str = strawberry.field(description="What to tell people.")

    @classmethod
    def of(cls, reason: SafetyReason) -> Self:
        return cls(reason=reason, message=NOTICES.get(reason, NOTICE))


@strawberry.type(description="What may be done with a post, for its author and for moderators.")
class PostVisibility:
    status: ReviewStatus = strawberry.field(description="What was decided about it.")
    eligible_for_recommendation: bool = strawberry.field(
        description="Whether lists, trends and search may hold it."
    )
    reasons: list[SafetyReason] = strawberry.field(description="Why it is held back or marked.")
    expires_at: DateTime | None = strawberry.field(
        description="When this changes by itself; null where it does not."
    )

    @classmethod
    def of(cls, visibility: pages.PostVisibility) -> Self:
        expires_at = visibility.expires_at
        return cls(
            status=visibility.status,
            eligible_for_recommendation=visibility.eligible_for_recommendation,
            reasons=list(visibility.reasons),
            expires_at=None if expires_at is None else DateTime(expires_at),
        )
