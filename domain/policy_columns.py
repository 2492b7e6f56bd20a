"""Verdicts about lists as bits of a column, so that a page's candidates are judged at once.

A post's row holds for each list and each setting of the viewer whether it may be shown and whether
it counts as flagged, and whether it is ever behind a notice. Judging n candidates for one viewer
is then a mask.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.moderation import ReviewStatus, SafetyScores
from domain.policy import LISTS, Action, Outcome, Policy, Setting, Standing, Surface, Verdict

Verdicts = NDArray[np.uint16]
Mask = NDArray[np.bool_]

NOTHING: Final = 0  # shown nowhere
NOTICED: Final = np.uint16(1 << 15)  # behind a notice somewhere: look at the verdict itself
_FLAGGED: Final = len(LISTS) * len(Setting)  # where the second half of the bits begins


def list_bits(policy: Policy, status: ReviewStatus, scores: SafetyScores) -> int:
    """A post's bits for the column."""
    outcome = policy.outcome(status, scores)
    bits = NOTHING
    for surface in LISTS:
        for setting in Setting:
            action = outcome[surface][setting][Standing.STRANGER].action
            bits |= action.shows << _place(surface, setting)
            bits |= action.flags << (_FLAGGED + _place(surface, setting))
    if any(verdict.action is Action.INTERSTITIAL for verdict in _all(outcome)):
        bits |= int(NOTICED)
    return bits


def shown(verdicts: Verdicts, surface: Surface, setting: Setting) -> Mask:
    """[n], whether each post may be in the list for a viewer with this setting."""
    return _bit(verdicts, _place(surface, setting))


def flagged(verdicts: Verdicts, surface: Surface, setting: Setting) -> Mask:
    """[n], whether each post is one of which a page may hold but a part."""
    return _bit(verdicts, _FLAGGED + _place(surface, setting))


def _all(outcome: Outcome) -> Iterator[Verdict]:
    for settings in outcome:
        for standings in settings:
            yield from standings


def _place(surface: Surface, setting: Setting) -> int:
    return surface * len(Setting) + setting


def _bit(verdicts: Verdicts, place: int) -> Mask:
    return (verdicts & np.uint16(1 << place)) != 0
