"""Events with their place in the log, made briefly for contract suites."""

from typing import TypedDict

from typing_extensions import Unpack

from domain.events import CategoryGuess, Decision, ModerationResult, PostIngested, UserUpdated
from domain.ports.creators import StoredUser
from domain.ports.follows import StoredRelation
from domain.ports.posts import StoredIngestion, StoredModeration

NOON = 1_790_000_000.0


class Told(TypedDict, total=False):
    author_id: str
    title: str
    content: str
    tags: list[str]
    media_urls: list[str]
    deleted: bool
    nsfw: bool
    region: str
    language: str


def ingestion(
    post_id: str,
    at: float = 0.0,
    *,
    created: float = 0.0,
    categories: dict[str, float] | None = None,
    **told: Unpack[Told],
) -> StoredIngestion:
    """A post told at NOON + ``at``, created at NOON + ``created``."""
    content: Told = {"author_id": "ann", "content": "text"}
    event = PostIngested(
        post_id=post_id,
        created_at=(NOON + created) * 1_000.0,
        categories=guesses(categories),
        **(content | told),
    )
    return StoredIngestion(0, 0, NOON + at, event)


class Scored(TypedDict, total=False):
    source: str
    spam_score: float
    nsfw_score: float
    toxicity_score: float
    bot_score: float
    quality_score: float


def moderation(
    post_id: str,
    at: float = 0.0,
    *,
    decision: Decision = Decision.NONE,
    categories: dict[str, float] | None = None,
    **scored: Unpack[Scored],
) -> StoredModeration:
    source: Scored = {"source": "classifier"}
    event = ModerationResult(
        post_id=post_id,
        decision=decision,
        timestamp=(NOON + at) * 1_000.0,
        categories=guesses(categories),
        **(source | scored),
    )
    return StoredModeration(0, 0, NOON + at, event)


def user(
    user_id: str,
    at: float = 0.0,
    *,
    handle: str | None = None,
    name: str | None = None,
    followers: int | None = None,
    deleted: bool = False,
) -> StoredUser:
    event = UserUpdated(
        user_id=user_id,
        handle=handle or user_id,
        display_name=name or user_id,
        follower_count=followers,
        deleted=deleted,
    )
    return StoredUser(0, 0, NOON + at, event)


def relation(
    user_id: str, target_id: str, at: float = 0.0, *, active: bool = True
) -> StoredRelation:
    return StoredRelation(0, 0, NOON + at, user_id, target_id, active)


def guesses(categories: dict[str, float] | None) -> list[CategoryGuess] | None:
    if categories is None:
        return None
    return [CategoryGuess(slug=slug, confidence=value) for slug, value in categories.items()]
