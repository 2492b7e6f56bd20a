"""How good scores are: the figures that manifests and evaluation tables hold."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.moderation import REVIEW_BAND

TOP: Final = 3

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def area_under_curve(scores: Floats, positive: Bools) -> float:
    """The chance that a positive row scores above a negative one, ties counting half."""
    _, ranks, counts = np.unique(scores, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2.0
    positives = int(positive.sum())
    negatives = len(positive) - positives
    if not positives or not negatives:
        return float("nan")
    above = float(middle[ranks][positive].sum()) - positives * (positives + 1) / 2.0
    return above / (positives * negatives)


def binary_metrics(scores: Floats, positive: Bools, threshold: float = 0.5) -> Mapping[str, float]:
    """``auc``, and the others of calling positive what scores at least ``threshold``."""
    called = scores >= threshold
    hits = int((called & positive).sum())
    precision = hits / max(int(called.sum()), 1)
    recall = hits / max(int(positive.sum()), 1)
    return {
        "auc": area_under_curve(scores, positive),
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / max(precision + recall, 1e-12),
        "accuracy": float((called == positive).mean()),
    }


def bands(
    served: Floats, positive: Bools, review: tuple[float, float] = REVIEW_BAND
) -> Mapping[str, float]:
    """What becomes of a set's rows by their scores as served: the shares of each band.

    And how many of those that people look at, and of those withheld, are positive, if any are.
    """
    withheld = served > review[1]
    looked_at = (served >= review[0]) & ~withheld
    found = {
        "low": float((served < review[0]).mean()),
        "review": float(looked_at.mean()),
        "withheld": float(withheld.mean()),
    }
    for name, band in (("review", looked_at), ("withheld", withheld)):
        if band.any():
            found[f"{name}_precision"] = float(positive[band].mean())
    return found


def calibration_error(scores: Floats, positive: Bools, bins: int = 10) -> float:
    """The mean distance between what scores promise and what holds, over bins of equal width."""
    numbers = np.minimum((scores * bins).astype(int), bins - 1)
    total = 0.0
    for number in range(bins):
        inside = numbers == number
        if inside.any():
            total += abs(float(scores[inside].sum()) - float(positive[inside].sum()))
    return total / len(scores)


def topic_metrics(scores: Floats, truth: NDArray[np.int64]) -> Mapping[str, float]:
    """``truth`` numbers the columns of ``scores``; -1, a label never learned, is always wrong."""
    order = np.argsort(-scores, axis=1, kind="stable")
    guess = order[:, 0]
    f1: list[float] = []
    for label in np.unique(truth):
        hits = int(((guess == label) & (truth == label)).sum())
        named = int((guess == label).sum()) + int((truth == label).sum())
        f1.append(2 * hits / max(named, 1))
    return {
        "accuracy": float((guess == truth).mean()),
        "macro_f1": float(np.mean(f1)),
        "top3": float((order[:, :TOP] == truth[:, None]).any(axis=1).mean()),
    }
