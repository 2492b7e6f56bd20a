"""What services hand to the GraphQL layer: complete values, with nothing left to look up.

A *card* is a thing as its type shows it to one caller; an *item* is a card's place in a list.
Ids inside are bare ids; times are epoch seconds.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

import msgspec

from domain.categories import CategoryRecord
from domain.creators import CreatorRecord
from domain.feed import CandidateSource, FeedInfo, ReasonCode, ScoreExplanation
from domain.moderation import ReviewStatus, SafetyReason
from domain.posts import PostRecord, PostStats

T = TypeVar("T")

# ---------------------------------------------------------------------- cards


class CreatorCard(msgspec.Struct, frozen=True):
    """``top_categories`` are active ones; ``is_followed`` is None for an anonymous caller."""

    record: CreatorRecord
    top_categories: tuple[CategoryRecord, ...]
    is_followed: bool | None


class HashtagCard(msgspec.Struct, frozen=True):
    name: str
    post_count: int


class PostViewerState(msgspec.Struct, frozen=True):
    has_liked: bool
    has_saved: bool
    has_seen: bool


class PostVisibility(msgspec.Struct, frozen=True):
    status: ReviewStatus
    eligible_for_recommendation: bool
    reasons: tuple[SafetyReason, ...]
    expires_at: float | None = None


class PostCard(msgspec.Struct, frozen=True):
    """A post that this caller may see.

    ``categories`` go with ``record.categories``, one for one. ``viewer_state`` is None for an
    anonymous caller; ``visibility`` for everyone but the author and moderators; ``interstitial``
    where the post needs no notice.
    """

    record: PostRecord
    stats: PostStats
    creator: CreatorCard
    categories: tuple[CategoryRecord, ...]
    viewer_state: PostViewerState | None
    visibility: PostVisibility | None
    interstitial: SafetyReason | None


class ReasonCard(msgspec.Struct, frozen=True):
    """A reason with the things that it names."""

    code: ReasonCode
    message: str
    category: CategoryRecord | None = None
    creator: CreatorCard | None = None
    hashtag: str | None = None


# ---------------------------------------------------------------------- lists


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """``info`` is None for lists that are no feed; ``total`` where nobody counts.

    The next page lies behind the last item's cursor.
    """

    items: tuple[T, ...]
    has_next: bool
    has_previous: bool
    info: FeedInfo | None = None
    total: int | None = None


class FeedItem(msgspec.Struct, frozen=True):
    """A post on an explore page; ``explanation`` is None for callers who may not see scores."""

    card: PostCard
    position: int
    source: CandidateSource
    reasons: tuple[ReasonCard, ...]
    explanation: ScoreExplanation | None
    token: str
    cursor: str


class TrendingItem(msgspec.Struct, frozen=True):
    card: PostCard
    rank: int
    rank_change: int | None
    score: float
    token: str
    cursor: str


class PostItem(msgspec.Struct, frozen=True):
    card: PostCard
    cursor: str


class CreatorItem(msgspec.Struct, frozen=True):
    card: CreatorCard
    reason: ReasonCard
    cursor: str


class HashtagItem(msgspec.Struct, frozen=True):
    card: HashtagCard
    rank: int
    people: int
    lift: float
    cursor: str


class CategoryItem(msgspec.Struct, frozen=True):
    record: CategoryRecord
    cursor: str


class SearchType(StrEnum):
    POSTS = "POSTS"
    CREATORS = "CREATORS"
    HASHTAGS = "HASHTAGS"


class SearchItem(msgspec.Struct, frozen=True):
    """``token`` is None for anything but a post."""

    result: PostCard | CreatorCard | HashtagCard
    highlights: tuple[str, ...]
    token: str | None
    cursor: str


class SuggestionItem(msgspec.Struct, frozen=True):
    text: str
    type: SearchType


@dataclass(frozen=True, slots=True)
class TrendingHead:
    """The first items of a trending list at one moment."""

    items: tuple[TrendingItem, ...]
