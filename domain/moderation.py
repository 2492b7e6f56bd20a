"""Scores and review status: what classifiers and people say of a post.

What follows from them is the policy's to say (``domain.policy_table``). No answer is not 0: a post
that no classifier has judged is UNCLASSIFIED and is never recommended. Judged is what a machine
decided about, or scored for spam, NSFW or toxicity; who knows only its account, its quality or its
subject has not judged it. Thresholds are those of the original brief, section 9.
"""

from enum import StrEnum
from typing import Final

import msgspec

from domain.events import Decision

SPAM_LIMIT: Final = 0.8
NSFW_LIMIT: Final = 0.7
TOXICITY_LIMIT: Final = 0.8
BOT_LIMIT: Final = 0.9
QUALITY_LIMIT: Final = 0.15  # below it a post is of little use
REVIEW_BAND: Final = (0.5, 0.8)
HUMAN_PREFIX: Final = "human:"
EXPIRY: Final = "expiry"  # the actor on record where a decision ended by itself


class ReviewStatus(StrEnum):
    UNCLASSIFIED = "UNCLASSIFIED"
    AUTO_APPROVED = "AUTO_APPROVED"
    PENDING_REVIEW = "PENDING_REVIEW"
    ESCALATED = "ESCALATED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    SHADOW_BANNED = "SHADOW_BANNED"


class SafetyReason(StrEnum):
    SPAM = "SPAM"
    NSFW = "NSFW"
    TOXICITY = "TOXICITY"
    BOT = "BOT"
    LOW_QUALITY = "LOW_QUALITY"
    REPORTED = "REPORTED"
    POLICY = "POLICY"
    UNCLASSIFIED = "UNCLASSIFIED"


class SafetyScores(msgspec.Struct, frozen=True, array_like=True):
    """Each from 0 to 1, None where no classifier has answered."""

    spam: float | None = None
    nsfw: float | None = None
    toxicity: float | None = None
    bot: float | None = None
    quality: float | None = None


_OF_DECISION: Final = {
    Decision.APPROVE: ReviewStatus.APPROVED,
    Decision.REJECT: ReviewStatus.REJECTED,
    Decision.SHADOW_BAN: ReviewStatus.SHADOW_BANNED,
    Decision.ESCALATE: ReviewStatus.ESCALATED,
    Decision.REVIEW: ReviewStatus.PENDING_REVIEW,
}


def is_human(source: str) -> bool:
    return source.startswith(HUMAN_PREFIX)


def is_decision(decision: Decision) -> bool:
    """Whether it says what the status is; CLEAR and NONE do not."""
    return decision in _OF_DECISION


def automatic_status(scores: SafetyScores, decision: Decision | None) -> ReviewStatus:
    """What the machines say: their own decision if they made one, else what the scores imply."""
    if decision is not None and decision in _OF_DECISION:
        status = _OF_DECISION[decision]
        # A machine's approval is never a person's.
        return ReviewStatus.AUTO_APPROVED if status is ReviewStatus.APPROVED else status
    of_content = (scores.spam, scores.nsfw, scores.toxicity)
    # NSFW has a band of its own below its limit; above it the post is sensitive, not uncertain.
    if any(
        score is not None and REVIEW_BAND[0] <= score <= REVIEW_BAND[1]
        for score in (*of_content, scores.bot)
    ):
        return ReviewStatus.PENDING_REVIEW
    if all(score is None for score in of_content):
        return ReviewStatus.UNCLASSIFIED
    return ReviewStatus.AUTO_APPROVED


def review_status(
    scores: SafetyScores, *, machine: Decision | None, human: Decision | None
) -> ReviewStatus:
    """People outrank everything automatic; CLEAR and NONE are no decision."""
    if human is not None and human in _OF_DECISION:
        return _OF_DECISION[human]
    return automatic_status(scores, machine)


def is_sensitive(scores: SafetyScores) -> bool:
    """Whether lists hold it only for viewers who opted in; pages have a notice for the others."""
    return scores.nsfw is not None and scores.nsfw > NSFW_LIMIT


def safety_reasons(status: ReviewStatus, scores: SafetyScores) -> tuple[SafetyReason, ...]:
    """Why a post is held back or marked, in the enum's order; empty where nothing is."""
    limits = (
        (SafetyReason.SPAM, scores.spam, SPAM_LIMIT),
        (SafetyReason.NSFW, scores.nsfw, NSFW_LIMIT),
        (SafetyReason.TOXICITY, scores.toxicity, TOXICITY_LIMIT),
        (SafetyReason.BOT, scores.bot, BOT_LIMIT),
    )
    uncertain = status is ReviewStatus.PENDING_REVIEW
    found = [
        reason
        for reason, score, limit in limits
        if score is not None and (score > limit or (uncertain and score >= REVIEW_BAND[0]))
    ]
    if status is ReviewStatus.UNCLASSIFIED:
        found.append(SafetyReason.UNCLASSIFIED)
    if not found and status in (ReviewStatus.REJECTED, ReviewStatus.SHADOW_BANNED):
        found.append(SafetyReason.POLICY)
    return tuple(found)
