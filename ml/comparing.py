"""How a model in shadow differs from the live one, on the posts that both have judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.classification import Comparison
from domain.moderation import REVIEW_BAND
from ml.training.examples import POSITIVE
from ml.training.measuring import area_under_curve

BANDS: Final = ("harmless", "uncertain", "withheld")
LARGE: Final = 0.2
"""A difference of scores that is counted."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A post with both answers; ``truth`` is a person's decision, None where there is none."""

    post_id: str
    comparison: Comparison
    truth: bool | None = None


def report(compared: Sequence[Compared]) -> str:
    """Lines for people: agreement, moves between bands, and who is right where people decided."""
    if not compared:
        return "nothing compared yet: give the new model the alias NAME-shadow and wait"
    first = compared[0].comparison
    lines = [f"{first.model}: {first.shadow.version} in shadow of {first.live.version}"]
    lines.append(f"  posts           {len(compared):,}")
    if not all(POSITIVE in _labels(one) for one in compared):
        same = np.mean([len(_labels(one)) == 1 for one in compared])
        return "\n".join([*lines, f"  same best label {same:.1%}"])
    shadow = np.array([one.comparison.shadow.score for one in compared])
    live = np.array([one.comparison.live.score for one in compared])
    apart = np.abs(shadow - live)
    lines.append(
        f"  mean difference {apart.mean():.4f}, above {LARGE}: {(apart > LARGE).mean():.1%}"
    )
    lines += _moves(live, shadow)
    known = np.array([one.truth is not None for one in compared])
    if known.any():
        truth = np.array([bool(one.truth) for one in compared])[known]
        areas = [area_under_curve(scores[known], truth) for scores in (live, shadow)]
        lines.append(
            f"  AUC on the {int(known.sum()):,} that people decided: "
            f"live {areas[0]:.4f}, shadow {areas[1]:.4f}"
        )
    return "\n".join(lines)


def _labels(one: Compared) -> set[str]:
    return {one.comparison.shadow.label, one.comparison.live.label}


def _moves(live: NDArray[np.float64], shadow: NDArray[np.float64]) -> list[str]:
    """How many posts each band would give to and take from the others."""
    before, after = _bands(live), _bands(shadow)
    lines: list[str] = []
    for number, name in enumerate(BANDS):
        held, held_then = before == number, after == number
        lines.append(
            f"  {name:15} {int(held.sum()):,} now, {int(held_then.sum()):,} then "
            f"({int((held_then & ~held).sum()):,} in, {int((held & ~held_then).sum()):,} out)"
        )
    return lines


def _bands(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """0 below the band that waits for a person, 1 in it, 2 above."""
    return (scores >= REVIEW_BAND[0]).astype(np.int64) + (scores > REVIEW_BAND[1])
