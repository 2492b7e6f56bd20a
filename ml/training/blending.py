"""How much each part of a model counts, so that the blended scores are calibrated.

Platt's scaling (1999) with one slope per part, learned on rows that the parts have not seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.text_model import logistic, softmax
from ml.training.optimizer import minimize

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Blend:
    """The blended sum is ``slopes`` times the parts' sums plus ``offset``."""

    slopes: Floats
    offset: float


def fit_blend(
    parts: Sequence[Floats], classes: NDArray[np.int64], weights: Floats, *, one_of_many: bool
) -> Blend:
    """``parts`` are sums (rows, labels). With one of many labels a common offset means nothing."""
    stacked = np.stack(parts)  # (parts, rows, labels)
    labels = stacked.shape[2]
    truth = np.eye(labels)[classes] if one_of_many else classes[:, None].astype(np.float64)
    mass = (weights / weights.sum())[:, None]
    link = softmax if one_of_many else logistic

    def loss(point: Floats) -> tuple[float, Floats]:
        scores = link(np.tensordot(point[:-1], stacked, axes=1) + point[-1])
        likely = np.clip(scores, 1e-12, 1 - 1e-12)
        chance = truth * np.log(likely)
        if not one_of_many:
            chance += (1 - truth) * np.log(1 - likely)
        error = (scores - truth) * mass
        slopes = (stacked * error).sum(axis=(1, 2))
        return -float((chance * mass).sum()), np.append(slopes, error.sum())

    start = np.append(np.full(len(parts), 1.0 / len(parts)), 0.0)
    point = minimize(loss, start, tolerance=1e-6)
    return Blend(point[:-1], 0.0 if one_of_many else float(point[-1]))
