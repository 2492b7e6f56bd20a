"""The enums of the domain and of services as GraphQL enums, with a description for each value.

They stay plain enums everywhere else: Strawberry's definition is added here, when a schema is
built, and fields are annotated with the enum itself.
"""

from enum import Enum
from typing import Final, NamedTuple

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from domain.events import Action, NotInterestedReason
from domain.feed import CandidateSource, Freshness, ReasonCode
from domain.moderation import ReviewStatus, SafetyReason
from domain.posts import MediaKind
from domain.trending import Window
from domain.viewer import InterestState
from schema import enum_values
from services.inputs import InterestChange, ReviewDecision
from services.outcomes import UserErrorCode
from services.pages import SearchType
from services.views import ProfileMaturity


class _Registration(NamedTuple):
    enum: type[Enum]
    name: str
    description: str
    values: dict[str, str]


_REGISTRATIONS: Final = (
    _Registration(MediaKind, "MediaKind", "What a medium is.", enum_values.MEDIA_KIND),
    _Registration(
        CandidateSource,
        "CandidateSource",
        "Where a post of a feed was found.",
        enum_values.CANDIDATE_SOURCE,
    ),
    _Registration(
        ReasonCode, "ReasonCode", "Why something was recommended.", enum_values.REASON_CODE
    ),
    _Registration(Freshness, "Freshness", "How up to date a response is.", enum_values.FRESHNESS),
    _Registration(
        Window,
        "TrendingWindow",
        "How far back engagement counts; within it, the newer weighs more.",
        enum_values.TRENDING_WINDOW,
    ),
    _Registration(SearchType, "SearchType", "What to search for.", enum_values.SEARCH_TYPE),
    _Registration(
        ProfileMaturity,
        "ProfileMaturity",
        "How much is known about a viewer's taste.",
        enum_values.PROFILE_MATURITY,
    ),
    _Registration(
        InterestState, "InterestState", "Where an interest comes from.", enum_values.INTEREST_STATE
    ),
    _Registration(
        UserErrorCode,
        "UserErrorCode",
        "Kinds of mistakes in a mutation's input.",
        enum_values.USER_ERROR_CODE,
    ),
    _Registration(
        Action, "InteractionAction", "What the caller did.", enum_values.INTERACTION_ACTION
    ),
    _Registration(
        InterestChange,
        "InterestChange",
        "What to do with an interest.",
        enum_values.INTEREST_CHANGE,
    ),
    _Registration(
        NotInterestedReason,
        "NotInterestedReason",
        "What about a post the caller does not want.",
        enum_values.NOT_INTERESTED_REASON,
    ),
    _Registration(
        ReviewStatus,
        "ReviewStatus",
        "What people and classifiers have decided about a post.",
        enum_values.REVIEW_STATUS,
    ),
    _Registration(
        SafetyReason,
        "SafetyReason",
        "Why a post is held back or marked.",
        enum_values.SAFETY_REASON,
    ),
    _Registration(
        ReviewDecision,
        "ReviewDecision",
        "What a moderator decides about a post.",
        enum_values.REVIEW_DECISION,
    ),
)


def register_enums() -> None:
    """Give each enum its GraphQL name and descriptions; a second call changes nothing.

    Raises:
        KeyError: a value has no description.

    """
    for registration in _REGISTRATIONS:
        definition = _definition(registration.enum)
        definition.name = registration.name
        definition.description = registration.description
        for value in definition.values:
            value.description = registration.values[value.name]


def _definition(enum: type[Enum]) -> StrawberryEnumDefinition:
    """The one that a type which mentions the enum may have caused already, else a new one."""
    attribute = "__strawberry_definition__"
    if not hasattr(enum, attribute):
        strawberry.enum(enum)
    return getattr(enum, attribute)
