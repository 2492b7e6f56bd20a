"""Hashtags that rise: distinct people in a window against those that its history leads to expect.

Ranked by the size of the surprise, shown with the smoothed ratio. After Mastodon's trends
(chi-square against the day before), with a longer history.
"""

from collections.abc import Sequence
from typing import Final

LEAST_PEOPLE: Final = 3  # distinct people within the window, before a tag may trend
PRIOR: Final = 2.0  # people added on both sides of the ratio, so that small counts stay modest
HISTORY_HALF_LIFE: Final = 4.0  # windows: the latest ones tell most about the usual rate


def expected_people(history: Sequence[float]) -> float:
    """The usual number of people per window, from earlier windows, the latest first."""
    weights = [2.0 ** (-place / HISTORY_HALF_LIFE) for place in range(len(history))]
    total = sum(weights)
    if total == 0.0:
        return 0.0
    return sum(weight * people for weight, people in zip(weights, history, strict=True)) / total


def lift(people: float, expected: float) -> float:
    """Use as a multiple of the expected; 1 is as usual."""
    return (people + PRIOR) / (expected + PRIOR)


def burst(people: float, expected: float) -> float:
    """How surprising the rise is; 0 where there is none or too few people are in it."""
    rise = people - expected
    if people < LEAST_PEOPLE or rise <= 0.0:
        return 0.0
    return rise * rise / max(expected, 1.0)
