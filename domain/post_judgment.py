"""What classifiers and moderators say a post may be used for, folded by event time.

Each statement has a time; a later one replaces an earlier one of its kind, in whichever order they
arrive, and of two with the same time the one that comes later in the log holds. What people say
holds over what machines say, whenever that was; their CLEAR takes back what they had said. A
shadow ban's expiry ends the ban alone.
"""

from typing import Final

import msgspec

from domain.events import Decision, ModerationResult
from domain.moderation import (
    EXPIRY,
    HUMAN_PREFIX,
    ReviewStatus,
    SafetyReason,
    SafetyScores,
    is_decision,
    is_human,
    review_status,
    safety_reasons,
)
from domain.post_findings import NEVER, NOTHING_FOUND, Findings
from domain.posts import PostCategory

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
    """What classifiers and moderators say, and ``told_nsfw``, the mark of the post's producer.

    At ``cleared_at`` a person last took back what people had said.
    """

    machine_findings: Findings = NOTHING_FOUND
    human_findings: Findings = NOTHING_FOUND
    cleared_at: float = NEVER
    machine: Ruling = Ruling()
    human: Ruling = Ruling()
    told_nsfw: bool = False

    @property
    def given(self) -> SafetyScores:
        """The scores that were given: people's, and where they gave none the machines'."""
        return self.human_findings.scores_over(self.machine_findings.scores)

    @property
    def categories(self) -> tuple[PostCategory, ...] | None:
        """None where neither people nor machines gave any."""
        given = self.human_findings.categories
        return self.machine_findings.categories if given is None else given

    @property
    def scores(self) -> SafetyScores:
        """Those given; for an NSFW score that nobody gave the producer's mark stands in."""
        given = self.given
        if self.told_nsfw and given.nsfw is None:
            return msgspec.structs.replace(given, nsfw=TOLD_NSFW)
        return given

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
    if not is_human(event.source):
        return msgspec.structs.replace(
            judgment,
            machine_findings=judgment.machine_findings.with_word(event, at),
            machine=_later(judgment.machine, event, at),
        )
    found, cleared_at = judgment.human_findings, judgment.cleared_at
    by_person = event.source != HUMAN_PREFIX + EXPIRY
    if event.decision is Decision.CLEAR and by_person and at >= cleared_at:
        found, cleared_at = found.after(at), at
    return msgspec.structs.replace(
        judgment,
        human_findings=found.with_word(event, at) if at >= cleared_at else found,
        cleared_at=cleared_at,
        human=_later(judgment.human, event, at),
    )


def _later(held: Ruling, event: ModerationResult, at: float) -> Ruling:
    if event.decision is Decision.NONE or at < held.at:
        return held
    return Ruling(event.decision, at, event.source.replace("\0", ""))  # PostgreSQL holds no NUL
