"""What classifiers and moderators say a post may be used for, folded by event time.

Each statement has a time; a later one replaces an earlier one of its kind, in whichever order they
arrive, and of two with the same time the one that comes later in the log holds.
"""

from typing import Final

import msgspec

from domain.events import Decision, ModerationResult
from domain.moderation import (
    HUMAN_PREFIX,
    ReviewStatus,
    SafetyReason,
    SafetyScores,
    is_decision,
    is_human,
    review_status,
    safety_reasons,
)
from domain.post_categories import post_categories
from domain.posts import PostCategory

NEVER: Final = float("-inf")
TOLD_NSFW: Final = 1.0
"""The NSFW score of a post that its producer marks."""
_STATUS_URGENCY: Final = {ReviewStatus.ESCALATED: 2.0, ReviewStatus.PENDING_REVIEW: 1.0}


class Ruling(msgspec.Struct, frozen=True):
    """A decision with its time and source; NONE at ``NEVER`` where none was made."""

    decision: Decision = Decision.NONE
    at: float = NEVER
    source: str = ""

    @property
    def actor(self) -> str:
        """The person, where one decided."""
        return self.source.removeprefix(HUMAN_PREFIX)


class PostJudgment(msgspec.Struct, frozen=True, kw_only=True):
    """What classifiers and moderators say; ``score_times`` are in the order of the scores.

    ``given`` are the scores that were given; ``told_nsfw`` is the mark of the post's producer.
    """

    given: SafetyScores = SafetyScores()
    score_times: tuple[float, float, float, float, float] = (NEVER, NEVER, NEVER, NEVER, NEVER)
    guesses: tuple[PostCategory, ...] | None = None
    guessed_at: float = NEVER
    machine: Ruling = Ruling()
    human: Ruling = Ruling()
    told_nsfw: bool = False

    @property
    def scores(self) -> SafetyScores:
        """Those given; for an NSFW score that nobody gave the producer's mark stands in."""
        if self.told_nsfw and self.given.nsfw is None:
            return msgspec.structs.replace(self.given, nsfw=TOLD_NSFW)
        return self.given

    @property
    def status(self) -> ReviewStatus:
        """By the scores given: a mark is no verdict, and makes nothing fit for lists."""
        return review_status(self.given, machine=self.machine.decision, human=self.human.decision)

    @property
    def decided_at(self) -> float | None:
        """When a person decided what holds now, None where nobody did."""
        return self.human.at if is_decision(self.human.decision) else None

    @property
    def reasons(self) -> tuple[SafetyReason, ...]:
        return safety_reasons(self.status, self.scores)

    @property
    def severity(self) -> float:
        """How soon a person should look, from 0 to 3: the worst score, above it the status."""
        scores = self.scores
        judged = (scores.spam, scores.nsfw, scores.toxicity, scores.bot)
        worst = max((score for score in judged if score is not None), default=0.0)
        return _STATUS_URGENCY.get(self.status, 0.0) + worst


UNJUDGED: Final = PostJudgment()


def judge(judgment: PostJudgment, event: ModerationResult, at: float) -> PostJudgment:
    """The judgment after one more result, dated ``at``."""
    given = (
        event.spam_score,
        event.nsfw_score,
        event.toxicity_score,
        event.bot_score,
        event.quality_score,
    )
    held = judgment.given
    scores = [held.spam, held.nsfw, held.toxicity, held.bot, held.quality]
    times = list(judgment.score_times)
    for place, score in enumerate(given):
        if score is not None and at >= times[place]:
            scores[place], times[place] = score, at
    guesses, guessed_at = judgment.guesses, judgment.guessed_at
    if event.categories is not None and at >= guessed_at:
        guesses, guessed_at = post_categories(event.categories), at
    human = is_human(event.source)
    return PostJudgment(
        given=SafetyScores(*scores),
        score_times=(times[0], times[1], times[2], times[3], times[4]),
        guesses=guesses,
        guessed_at=guessed_at,
        machine=judgment.machine if human else _later(judgment.machine, event, at),
        human=_later(judgment.human, event, at) if human else judgment.human,
        told_nsfw=judgment.told_nsfw,
    )


def _later(held: Ruling, event: ModerationResult, at: float) -> Ruling:
    if event.decision is Decision.NONE or at < held.at:
        return held
    return Ruling(event.decision, at, event.source.replace("\0", ""))  # PostgreSQL holds no NUL
