"""The events of the contract, section 4, as typed values.

Wire form: JSON with camelCase names. Unknown fields are ignored; a missing or ill-typed one makes
a record unreadable. Times are RFC 3339 texts or epoch milliseconds.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final

import msgspec

Id = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9:_.\-]{1,64}\Z")]
Probability = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
ZonedTime = Annotated[datetime, msgspec.Meta(tz=True)]
EventTime = int | float | ZonedTime
MILLISECONDS: Final = 1_000.0
Text = Annotated[str, msgspec.Meta(max_length=1_000_000)]
ShortText = Annotated[str, msgspec.Meta(max_length=1_000)]
Url = Annotated[str, msgspec.Meta(max_length=2_048)]


def seconds(time: EventTime) -> float:
    """Epoch seconds of an event's time."""
    return time.timestamp() if isinstance(time, datetime) else time / MILLISECONDS


class EngagementType(StrEnum):
    LIKE = "LIKE"
    COMMENT = "COMMENT"
    REPOST = "REPOST"
    SHARE = "SHARE"
    SAVE = "SAVE"
    VIEW = "VIEW"


class Action(StrEnum):
    """What a viewer did (``InteractionAction`` of the SDL)."""

    VIEW = "VIEW"
    DWELL = "DWELL"
    LIKE = "LIKE"
    UNLIKE = "UNLIKE"
    COMMENT = "COMMENT"
    SHARE = "SHARE"
    SAVE = "SAVE"
    UNSAVE = "UNSAVE"
    PROFILE_VISIT = "PROFILE_VISIT"
    FOLLOW = "FOLLOW"
    UNFOLLOW = "UNFOLLOW"
    HASHTAG_FOLLOW = "HASHTAG_FOLLOW"
    HASHTAG_UNFOLLOW = "HASHTAG_UNFOLLOW"
    NOT_INTERESTED = "NOT_INTERESTED"


class NotInterestedReason(StrEnum):
    POST = "POST"
    CREATOR = "CREATOR"
    TOPIC = "TOPIC"
    HASHTAGS = "HASHTAGS"
    SEEN_BEFORE = "SEEN_BEFORE"


class Decision(StrEnum):
    NONE = "NONE"
    APPROVE = "APPROVE"
    REJECT = "REJECT"
    SHADOW_BAN = "SHADOW_BAN"
    ESCALATE = "ESCALATE"
    REVIEW = "REVIEW"
    CLEAR = "CLEAR"


class Event(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Root of all events."""


class CategoryGuess(Event, frozen=True):
    slug: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    confidence: Probability


class PostIngested(Event, frozen=True, kw_only=True):
    post_id: Id
    author_id: Id
    content: Text
    created_at: EventTime
    title: Text | None = None
    tags: list[ShortText] = []
    media_urls: list[Url] = []
    language: ShortText | None = None
    region: ShortText | None = None
    url: Url | None = None
    nsfw: bool | None = None
    categories: list[CategoryGuess] | None = None
    deleted: bool | None = None


class EngagementUpdated(Event, frozen=True, kw_only=True):
    """A reaction to a post; without a ``user_id`` a counter step of any whole number.

    A step of 0 changes no counter: it makes the owner of the post's partition look at the post
    again, which is how a change of its record reaches its pools.
    """

    post_id: Id
    type: EngagementType
    delta: int
    timestamp: EventTime
    user_id: Id | None = None
    event_id: ShortText | None = None
    region: ShortText | None = None


class Attribution(Event, frozen=True, kw_only=True):
    """Proof, checked by the API, of where and when a post was served.

    ``propensity`` is the chance that exploration gave it, where it was served for that.
    """

    request_id: ShortText
    position: int
    surface: ShortText
    served_at: EventTime
    propensity: float | None = None


class UserInteraction(Event, frozen=True, kw_only=True):
    event_id: ShortText
    user_id: Id
    action: Action
    timestamp: EventTime
    post_id: Id | None = None
    creator_id: Id | None = None
    hashtag: ShortText | None = None
    duration_ms: int | None = None
    because: NotInterestedReason | None = None
    region: ShortText | None = None
    attribution: Attribution | None = None


class UserUpdated(Event, frozen=True, kw_only=True):
    user_id: Id
    handle: ShortText
    display_name: ShortText
    avatar_url: Url | None = None
    follower_count: int | None = None
    region: ShortText | None = None
    languages: list[ShortText] | None = None
    deleted: bool | None = None


class UserFollowed(Event, frozen=True, kw_only=True):
    user_id: Id
    target_id: Id
    active: bool
    timestamp: EventTime


class UserBlocked(Event, frozen=True, kw_only=True):
    user_id: Id
    target_id: Id
    active: bool
    timestamp: EventTime


class ModerationResult(Event, frozen=True, kw_only=True):
    """Scores and a decision about a post; None is "no answer", never 0."""

    post_id: Id
    decision: Decision
    source: ShortText
    timestamp: EventTime
    spam_score: Probability | None = None
    nsfw_score: Probability | None = None
    toxicity_score: Probability | None = None
    bot_score: Probability | None = None
    quality_score: Probability | None = None
    categories: list[CategoryGuess] | None = None
    models: Any = None  # for who reads the log; nothing depends on it


class HashtagTrending(Event, frozen=True, kw_only=True):
    hashtag: str
    post_count: int
    people: int
    velocity: float
    lift: float
    window_start: datetime
    window_end: datetime
    region: str | None = None


class PostViral(Event, frozen=True, kw_only=True):
    post_id: Id
    score: float
    window: str
    crossed_at: datetime
    region: str | None = None
