"""Pages of ranked posts as services hand them over."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

import msgspec


class Freshness(StrEnum):
    LIVE = "LIVE"
    STALE = "STALE"
    SNAPSHOT = "SNAPSHOT"
    STATIC = "STATIC"


class CandidateSource(IntEnum):
    """Where a candidate came from; the value is its bit in a column of sources."""

    TRENDING = 0
    REGIONAL = 1
    PERSONALIZED = 2
    CREATOR_AFFINITY = 3
    CO_ENGAGED = 4
    CATEGORY = 5
    SEARCH = 6
    FRESH = 7
    SERENDIPITY = 8
    EDITORIAL = 9
    SNAPSHOT = 10
    STATIC = 11


class ReasonCode(StrEnum):
    TRENDING_NOW = "TRENDING_NOW"
    TRENDING_IN_REGION = "TRENDING_IN_REGION"
    TOPIC_YOU_LIKE = "TOPIC_YOU_LIKE"
    CREATOR_YOU_LIKE = "CREATOR_YOU_LIKE"
    SIMILAR_TO_LIKED = "SIMILAR_TO_LIKED"
    CHOSEN_TOPIC = "CHOSEN_TOPIC"
    NEW_AND_PROMISING = "NEW_AND_PROMISING"
    SOMETHING_DIFFERENT = "SOMETHING_DIFFERENT"
    EDITORS_PICK = "EDITORS_PICK"
    POPULAR = "POPULAR"


class Reason(msgspec.Struct, frozen=True):
    """``category``, ``creator`` and ``hashtag`` are slug, id and name where the reason has one."""

    code: ReasonCode
    message: str
    category: str | None = None
    creator: str | None = None
    hashtag: str | None = None


@dataclass(frozen=True, slots=True)
class ScoreTerm:
    feature: str
    value: float
    weight: float
    contribution: float


@dataclass(frozen=True, slots=True)
class ScoreAdjustment:
    stage: str
    factor: float
    reason: str


@dataclass(frozen=True, slots=True)
class ScoreExplanation:
    """``total`` is the contributions added in the listed order, times the factors in theirs."""

    total: float
    terms: tuple[ScoreTerm, ...]
    adjustments: tuple[ScoreAdjustment, ...]
    rank_by_score: int
    rank_after_diversity: int
    recipe: str


@dataclass(frozen=True, slots=True)
class FeedInfo:
    request_id: str
    freshness: Freshness
    generated_at: float
    degraded_sources: tuple[str, ...] = field(default=())
    new_posts: int | None = None
