"""The policy: an ordered table that says what may be done with a post, where and for whom.

The first rule that fits decides; where none does, the post may be shown. A score that nobody has
given fits no band: what has not been judged is held back by its status, never let through as 0.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import Final

from domain.moderation import ReviewStatus, SafetyReason, SafetyScores

MOST_REMEMBERED: Final = 20_000  # outcomes; the default table has far fewer


class InvalidPolicy(ValueError):
    """The table says something that it must not."""


class Surface(IntEnum):
    """Where a post would appear: in lists that we make, or on pages that people asked for."""

    RECOMMENDATION = 0
    TRENDING = 1
    SEARCH = 2
    PROFILE = 3
    DIRECT = 4


class Setting(IntEnum):
    """Whether the viewer asked for sensitive posts."""

    OPTED_OUT = 0
    OPTED_IN = 1


class Standing(IntEnum):
    """Whose post it is, seen from the viewer."""

    STRANGER = 0
    FOLLOWED = 1
    OWN = 2


class Action(IntEnum):
    """From harmless to gone.

    INTERSTITIAL and LIMIT show the post, the one behind a notice; either makes it *flagged*: such
    posts are at most a part of a page. REVIEW holds it back until a person has decided.
    """

    ALLOW = 0
    INTERSTITIAL = 1
    LIMIT = 2
    REVIEW = 3
    DROP = 4

    @property
    def shows(self) -> bool:
        return self <= Action.LIMIT

    @property
    def flags(self) -> bool:
        return self in (Action.INTERSTITIAL, Action.LIMIT)


class Label(StrEnum):
    """A score by its name in ``SafetyScores``."""

    SPAM = "spam"
    NSFW = "nsfw"
    TOXICITY = "toxicity"
    BOT = "bot"
    QUALITY = "quality"


LABELS: Final = tuple(Label)
LISTS: Final = (Surface.RECOMMENDATION, Surface.TRENDING, Surface.SEARCH)
PAGES: Final = (Surface.PROFILE, Surface.DIRECT)
EVERYWHERE: Final = LISTS + PAGES


@dataclass(frozen=True, slots=True)
class Band:
    """Scores from ``least`` to ``most``, both included."""

    least: float = 0.0
    most: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.least <= self.most <= 1.0:
            raise InvalidPolicy(f"a band must lie in [0, 1], not from {self.least} to {self.most}")

    @classmethod
    def above(cls, limit: float) -> "Band":
        """Scores greater than ``limit``."""
        return cls(math.nextafter(limit, math.inf), 1.0)

    @classmethod
    def below(cls, limit: float) -> "Band":
        """Scores less than ``limit``."""
        return cls(0.0, math.nextafter(limit, -math.inf))

    def __contains__(self, score: float) -> bool:
        return self.least <= score <= self.most


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A row of the table; None fits all. ``label`` and ``band`` go together.

    ``days`` after a person's decision that one ends by itself: what classifiers say holds again.
    """

    surfaces: tuple[Surface, ...]
    action: Action
    reason: SafetyReason = SafetyReason.POLICY
    statuses: tuple[ReviewStatus, ...] | None = None
    label: Label | None = None
    band: Band | None = None
    setting: Setting | None = None
    standings: tuple[Standing, ...] | None = None
    days: float | None = None

    def __post_init__(self) -> None:
        if (self.label is None) != (self.band is None):
            raise InvalidPolicy("a rule needs both a label and a band, or neither")
        if self.standings is not None and set(self.surfaces) & set(LISTS):
            # One row of bits serves all viewers of a list (``domain.policy_columns``).
            raise InvalidPolicy("lists are made of strangers' posts: only pages know standings")
        if self.days is not None and not self.days > 0.0:
            raise InvalidPolicy(f"a rule must hold for more than {self.days} days")

    def fits(self, status: ReviewStatus, scores: SafetyScores) -> bool:
        if self.statuses is not None and status not in self.statuses:
            return False
        if self.label is None or self.band is None:
            return True
        score = _score(scores, self.label)
        return score is not None and score in self.band


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is done, why, and for how many days after a person's decision (None: for good)."""

    action: Action
    reason: SafetyReason | None = None
    days: float | None = None


ALLOWED: Final = Verdict(Action.ALLOW)
Outcome = Sequence[Sequence[Sequence[Verdict]]]


class Policy:
    """A table of rules, looked up once for each combination of status and bands."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._outcomes: dict[tuple[object, ...], Outcome] = {}

    def verdict(
        self,
        status: ReviewStatus,
        scores: SafetyScores,
        surface: Surface,
        setting: Setting = Setting.OPTED_OUT,
        standing: Standing = Standing.STRANGER,
    ) -> Verdict:
        return self.outcome(status, scores)[surface][setting][standing]

    def outcome(self, status: ReviewStatus, scores: SafetyScores) -> Outcome:
        """Verdicts by surface, setting and standing; one object for what the table holds alike."""
        key = self.key(status, scores)
        found = self._outcomes.get(key)
        if found is None:
            if len(self._outcomes) >= MOST_REMEMBERED:
                self._outcomes.clear()
            found = self._outcomes[key] = self._look_up(status, scores)
        return found

    def key(self, status: ReviewStatus, scores: SafetyScores) -> tuple[object, ...]:
        """The status, and for each label between which of the table's limits its score lies."""
        cuts = self._cuts
        return (
            status,
            *(
                -1
                if (score := _score(scores, label)) is None
                else bisect_right(cuts[label], score)
                for label in LABELS
            ),
        )

    @cached_property
    def _cuts(self) -> dict[Label, list[float]]:
        """Where each label's bands begin, and where the first score after each lies."""
        bands = [(rule.label, rule.band) for rule in self.rules if rule.band is not None]
        return {
            label: sorted(
                {
                    cut
                    for named, band in bands
                    if named is label
                    for cut in (band.least, math.nextafter(band.most, math.inf))
                }
            )
            for label in LABELS
        }

    def _look_up(self, status: ReviewStatus, scores: SafetyScores) -> Outcome:
        fitting = [rule for rule in self.rules if rule.fits(status, scores)]
        return [
            [
                [_first(fitting, surface, setting, standing) for standing in Standing]
                for setting in Setting
            ]
            for surface in Surface
        ]


def _first(
    rules: Iterable[Rule], surface: Surface, setting: Setting, standing: Standing
) -> Verdict:
    for rule in rules:
        if (
            surface in rule.surfaces
            and (rule.setting is None or rule.setting is setting)
            and (rule.standings is None or standing in rule.standings)
        ):
            return Verdict(rule.action, rule.reason, rule.days)
    return ALLOWED


def _score(scores: SafetyScores, label: Label) -> float | None:
    value: float | None = getattr(scores, label)
    return value
