"""Trending: decayed sums of engagement, their form in pools, and the correction for young posts.

A sum decays by half every half-life: ``v(t) = sum w * 2**(-(t - t_event) / h)``. State keeps the
linear value at a reference time. Pools keep ``log2(v) + t / h``, which never changes while nothing
happens, orders posts rightly at every later time and never overflows, so there is no sweep and no
landmark to rotate (forward decay, Cormode et al., ICDE 2009, taken to logarithms).
"""

import math
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.events import EngagementType

Floats = NDArray[np.float64]


class Window(StrEnum):
    HOUR = "HOUR"
    DAY = "DAY"
    WEEK = "WEEK"


WINDOWS: Final = (Window.HOUR, Window.DAY, Window.WEEK)
WINDOW_SECONDS: Final = {Window.HOUR: 3_600.0, Window.DAY: 86_400.0, Window.WEEK: 604_800.0}
# Seconds. Chosen on Hacker News front pages: docs/ranking.md.
HALF_LIFE: Final = {Window.HOUR: 1_800.0, Window.DAY: 21_600.0, Window.WEEK: 151_200.0}
WEIGHT: Final = {
    EngagementType.LIKE: 1.0,
    EngagementType.COMMENT: 2.0,
    EngagementType.REPOST: 3.0,
    EngagementType.SHARE: 3.0,
    EngagementType.SAVE: 2.0,
    EngagementType.VIEW: 0.0,
}
YOUTH: Final = 600.0  # seconds added to an age, so that the first like does not win everything
PEOPLE_THRESHOLD: Final = 3  # distinct people within the window
SCORE_THRESHOLD: Final = 3.0  # or this much decayed weight from counter steps


def decayed(value: float, elapsed: float, half_life: float) -> float:
    """``value`` after ``elapsed`` seconds; a negative ``elapsed`` goes back in time."""
    return value * math.exp2(-elapsed / half_life)


def pool_score(value: float, at: float, half_life: float) -> float:
    """The time-invariant score of a sum that is ``value`` (> 0) at ``at``."""
    return math.log2(value) + at / half_life


def current_score(score: float, now: float, half_life: float) -> float:
    """The decayed sum that a pool score means now."""
    return math.exp2(score - now / half_life)


def current_scores(scores: Floats, now: float, half_life: float) -> Floats:
    """``current_score`` of a column."""
    return np.exp2(scores - now / half_life)


def history_share(ages: Floats, half_life: float) -> Floats:
    """The share of its possible sum that a post of this age can have had, in (0, 1)."""
    return 1.0 - np.exp2(-(np.maximum(ages, 0.0) + YOUTH) / half_life)


def trend_rates(engagement: Floats, ages: Floats, window: Window) -> Floats:
    """A column of decayed engagement made comparable between young and old posts.

    This is what trending lists are ordered by, and the score that they show.
    """
    return engagement / history_share(ages, HALF_LIFE[window])
