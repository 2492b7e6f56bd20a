"""What the policy in force says of a post, in the words that the rest of the code uses."""

from typing import Final

from domain.moderation import ReviewStatus, SafetyScores
from domain.policy import LISTS, Policy, Setting, Standing, Surface, Verdict
from domain.policy_columns import list_bits
from domain.policy_table import POLICY

DAY: Final = 86_400.0


class _Force:
    """Which policy is in force. Records are asked for their verdicts everywhere, and hold none."""

    policy = POLICY


def enforce(policy: Policy) -> None:
    """Put another policy in force: once, when a process starts and holds no post yet."""
    _Force.policy = policy


def list_verdicts(status: ReviewStatus, scores: SafetyScores) -> int:
    """The post's bits for ``domain.policy_columns``."""
    return list_bits(_Force.policy, status, scores)


def is_recommendable(status: ReviewStatus, scores: SafetyScores) -> bool:
    """Whether lists, trends, search or suggestions may hold the post for anybody.

    Sensitive posts stay in: viewers who did not opt in are spared them when a page is ranked and
    again when it is served.
    """
    outcome = _Force.policy.outcome(status, scores)
    return any(outcome[surface][Setting.OPTED_IN][0].action.shows for surface in LISTS)


def is_public(status: ReviewStatus) -> bool:
    """Whether ``node`` and the creator's page show the post to people other than its author."""
    return _Force.policy.verdict(status, SafetyScores(), Surface.DIRECT).action.shows


def is_shown(status: ReviewStatus, *, own: bool) -> bool:
    """Whether ``node`` and the creator's page show the post, to its author where ``own``."""
    return is_public(status) or (own and status is ReviewStatus.SHADOW_BANNED)


def page_verdict(
    status: ReviewStatus,
    scores: SafetyScores,
    surface: Surface,
    *,
    show_sensitive: bool,
    standing: Standing,
) -> Verdict:
    """What is done with a post where one viewer would meet it."""
    setting = Setting.OPTED_IN if show_sensitive else Setting.OPTED_OUT
    return _Force.policy.verdict(status, scores, surface, setting, standing)


def expires_at(
    status: ReviewStatus, scores: SafetyScores, decided_at: float | None
) -> float | None:
    """When a person's decision ends by itself, in epoch seconds; None where it does not."""
    days = _Force.policy.verdict(status, scores, Surface.RECOMMENDATION).days
    return None if days is None or decided_at is None else decided_at + days * DAY


def shadow_ban_seconds() -> float | None:
    """How long a person's shadow ban lasts; None: for good."""
    return expires_at(ReviewStatus.SHADOW_BANNED, SafetyScores(), 0.0)
