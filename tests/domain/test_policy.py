"""The table that is in force, row by row; no fast path says anything else than the table."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.eligibility import expires_at, is_public, is_recommendable, list_verdicts
from domain.moderation import ReviewStatus, SafetyReason, SafetyScores
from domain.policy import (
    EVERYWHERE,
    LISTS,
    PAGES,
    Action,
    Band,
    InvalidPolicy,
    Label,
    Policy,
    Rule,
    Setting,
    Standing,
    Surface,
    Verdict,
)
from domain.policy_columns import NOTICED, flagged, shown
from domain.policy_table import POLICY, RULES

OUT, IN = Setting
LIST = Surface.RECOMMENDATION
AUTO, APPROVED = ReviewStatus.AUTO_APPROVED, ReviewStatus.APPROVED
FINE = SafetyScores(spam=0.0, nsfw=0.0, toxicity=0.0, bot=0.0, quality=0.9)
Scores = st.builds(
    SafetyScores,
    *(
        st.none() | st.sampled_from([0.0, 0.15, 0.5, 0.7, 0.8, 0.9, 1.0]) | st.floats(0, 1)
        for _ in Label
    ),
)


def action(
    status: ReviewStatus,
    scores: SafetyScores,
    surface: Surface = LIST,
    setting: Setting = OUT,
    standing: Standing = Standing.STRANGER,
) -> tuple[Action, SafetyReason | None]:
    verdict = POLICY.verdict(status, scores, surface, setting, standing)
    return verdict.action, verdict.reason


@pytest.mark.parametrize(
    ("label", "limit", "reason"),
    [
        ("spam", 0.8, SafetyReason.SPAM),
        ("toxicity", 0.8, SafetyReason.TOXICITY),
        ("bot", 0.9, SafetyReason.BOT),
        ("nsfw", 0.7, SafetyReason.NSFW),
    ],
)
def test_a_list_drops_what_is_above_a_limit_of_the_brief(
    label: str, limit: float, reason: SafetyReason
) -> None:
    above = SafetyScores(**{label: math.nextafter(limit, 1.0)})
    assert action(AUTO, above) == (Action.DROP, reason)
    assert action(AUTO, SafetyScores(**{label: limit}))[0] is Action.LIMIT


def test_lists_are_closed_to_what_is_not_known_to_be_harmless() -> None:
    for surface, setting in product(LISTS, Setting):
        for status in ReviewStatus:
            verdict = POLICY.verdict(status, FINE, surface, setting)
            assert verdict.action.shows == (status in (AUTO, APPROVED)), (surface, status)
    assert action(ReviewStatus.UNCLASSIFIED, SafetyScores()) == (
        Action.DROP,
        SafetyReason.UNCLASSIFIED,
    )
    assert action(ReviewStatus.PENDING_REVIEW, FINE)[0] is Action.REVIEW


def test_pages_asked_for_by_name_are_open_and_to_followers_without_a_word() -> None:
    toxic = SafetyScores(toxicity=0.95)
    for surface in PAGES:
        assert action(ReviewStatus.UNCLASSIFIED, SafetyScores(), surface)[0] is Action.ALLOW
        assert action(AUTO, toxic, surface) == (Action.INTERSTITIAL, SafetyReason.TOXICITY)
        assert action(AUTO, toxic, surface, OUT, Standing.FOLLOWED)[0] is Action.ALLOW
        assert action(APPROVED, toxic, surface)[0] is Action.ALLOW


def test_sensitive_posts_are_behind_a_notice_unless_asked_for() -> None:
    bare = SafetyScores(nsfw=0.9)
    assert action(AUTO, bare) == (Action.DROP, SafetyReason.NSFW)
    assert action(AUTO, bare, LIST, IN) == (Action.LIMIT, SafetyReason.NSFW)
    assert flagged(np.array([list_verdicts(AUTO, bare)], dtype=np.uint16), LIST, IN).all()
    assert action(AUTO, bare, Surface.DIRECT) == (Action.INTERSTITIAL, SafetyReason.NSFW)
    assert action(AUTO, bare, Surface.DIRECT, IN)[0] is Action.ALLOW
    assert action(AUTO, bare, Surface.DIRECT, OUT, Standing.OWN)[0] is Action.ALLOW
    assert action(APPROVED, bare) == (Action.DROP, SafetyReason.NSFW)


def test_only_its_author_meets_a_shadow_banned_post_and_nobody_a_rejected_one() -> None:
    for surface, setting, standing in product(EVERYWHERE, Setting, Standing):
        banned = POLICY.verdict(ReviewStatus.SHADOW_BANNED, FINE, surface, setting, standing)
        assert banned.action.shows == (surface in PAGES and standing is Standing.OWN)
        rejected = POLICY.verdict(ReviewStatus.REJECTED, FINE, surface, setting, standing)
        assert rejected.action is Action.DROP


def test_what_a_person_approved_or_is_of_little_use_cannot_fill_a_page() -> None:
    assert action(APPROVED, SafetyScores(spam=0.95)) == (Action.LIMIT, SafetyReason.SPAM)
    assert action(AUTO, SafetyScores(spam=0.0, quality=0.1)) == (
        Action.LIMIT,
        SafetyReason.LOW_QUALITY,
    )
    assert action(APPROVED, FINE)[0] is Action.ALLOW


def test_a_shadow_ban_ends_by_itself_and_nothing_else_does() -> None:
    assert expires_at(ReviewStatus.SHADOW_BANNED, FINE, 1_000.0) == 1_000.0 + 90 * 86_400.0
    assert expires_at(ReviewStatus.SHADOW_BANNED, FINE, None) is None  # a machine's
    assert expires_at(ReviewStatus.REJECTED, FINE, 1_000.0) is None


@given(scores=Scores, status=st.sampled_from(ReviewStatus))
def test_the_fast_paths_say_what_the_table_says(
    scores: SafetyScores, status: ReviewStatus
) -> None:
    for surface, setting, standing in product(Surface, Setting, Standing):
        first = next(
            (
                Verdict(rule.action, rule.reason, rule.days)
                for rule in RULES
                if rule.fits(status, scores)
                and surface in rule.surfaces
                and rule.setting in (None, setting)
                and (rule.standings is None or standing in rule.standings)
            ),
            Verdict(Action.ALLOW),
        )
        assert POLICY.verdict(status, scores, surface, setting, standing) == first
    column = np.array([list_verdicts(status, scores)], dtype=np.uint16)
    for surface, setting in product(LISTS, Setting):
        verdict = POLICY.verdict(status, scores, surface, setting)
        assert shown(column, surface, setting).tolist() == [verdict.action.shows]
        assert flagged(column, surface, setting).tolist() == [verdict.action.flags]
    notices = [
        POLICY.verdict(status, scores, *place).action is Action.INTERSTITIAL
        for place in product(Surface, Setting, Standing)
    ]
    assert bool(column[0] & NOTICED) == any(notices)
    assert is_recommendable(status, scores) == any(
        POLICY.verdict(status, scores, surface, IN).action.shows for surface in LISTS
    )


def test_rejected_and_shadow_banned_posts_are_not_public() -> None:
    hidden = {status for status in ReviewStatus if not is_public(status)}
    assert hidden == {ReviewStatus.REJECTED, ReviewStatus.SHADOW_BANNED}


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": Label.SPAM},
        {"band": Band(0.5, 0.8)},
        {"standings": (Standing.FOLLOWED,)},
        {"days": 0.0},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidPolicy):
        Rule(**{"surfaces": LISTS, "action": Action.DROP, **wrong})  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("band", [(0.5, 0.4), (-0.1, 0.5), (0.5, 1.1), (math.nan, 1.0)])
def test_a_band_lies_within_the_scores(band: tuple[float, float]) -> None:
    with pytest.raises(InvalidPolicy):
        Band(*band)


def test_lists_may_differ() -> None:
    policy = Policy(
        [
            Rule(
                surfaces=(Surface.TRENDING,),
                label=Label.QUALITY,
                band=Band.below(0.5),
                action=Action.DROP,
                reason=SafetyReason.LOW_QUALITY,
            )
        ]
    )
    poor = SafetyScores(quality=0.4)
    assert policy.verdict(AUTO, poor, Surface.TRENDING).action is Action.DROP
    assert policy.verdict(AUTO, poor, Surface.RECOMMENDATION).action is Action.ALLOW
