"""Logistic regression with L2 regularization on n-grams and on dense columns.

``weights`` are per row; ``strength`` is the inverse of the regularization (scikit-learn's C).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ml.ngrams import NgramRows
from ml.text_model import logistic, softmax
from ml.training.optimizer import Vector, minimize

SMOOTHING: Final = 1.0
LEAST_TEXTS: Final = 2
"""What occurs in a single text is that text's own, and teaches nothing."""

Matrix = NDArray[np.float32]


def fit_ngrams(
    rows: NgramRows, buckets: int, positive: NDArray[np.bool_], weights: Vector, strength: float
) -> tuple[Vector, float]:
    """Weights of the buckets, of which there are so many, and the bias.

    N-grams are first scaled by how unevenly the classes use them (Wang and Manning 2012,
    "Baselines and Bigrams"), so that those that tell nothing are regularized away.
    """
    rows = rows.merged(buckets)
    lengths, starts = rows.lengths, rows.starts[:-1]
    scale = _evidence(rows, buckets, positive, weights)
    told = np.flatnonzero(scale)  # the others would stay 0
    places = np.zeros(buckets, np.int32)
    places[told] = np.arange(len(told))
    columns = places[rows.buckets]
    values = rows.values * scale[rows.buckets].astype(np.float32)
    target = positive.astype(np.float64)

    def loss(point: Vector) -> tuple[float, Vector]:
        inner = point[:-1].astype(np.float32)
        sums = np.add.reduceat(values * inner[columns], starts) + point[-1]
        value, error = _log_loss(sums, target, weights)
        pull = np.repeat(error.astype(np.float32), lengths) * values
        slope = np.bincount(columns, weights=pull, minlength=len(inner)) + point[:-1] / strength
        penalty = float(point[:-1] @ point[:-1]) / (2.0 * strength)
        return value + penalty, np.append(slope, error.sum())

    point = minimize(loss, np.zeros(max(len(told), 1) + 1), tolerance=1e-3, iterations=60)
    found = np.zeros(buckets)
    found[told] = point[: len(told)] * scale[told]
    return found, float(point[-1])


def fit_columns(
    columns: Matrix, classes: NDArray[np.int64], weights: Vector, strength: float
) -> tuple[NDArray[np.float64], Vector]:
    """Weights (columns, classes) and biases of a softmax regression on standardized columns.

    The columns are standardized in place; the answer is for the columns as they were given.
    """
    mean = columns.mean(axis=0, dtype=np.float64)
    spread = columns.std(axis=0, dtype=np.float64) + 1e-2
    columns -= mean.astype(np.float32)
    columns /= spread.astype(np.float32)
    width: int = columns.shape[1]
    labels = int(classes.max()) + 1
    truth = np.eye(labels)[classes]

    def loss(point: Vector) -> tuple[float, Vector]:
        inner = point[: width * labels].reshape(width, labels)
        shares = softmax(columns @ inner.astype(np.float32) + point[width * labels :])
        value = -float(weights @ np.log((shares * truth).sum(axis=1) + 1e-300))
        error = (shares - truth) * weights[:, None]
        slope = columns.T @ error.astype(np.float32) + inner / strength
        penalty = float((inner * inner).sum()) / (2.0 * strength)
        return value + penalty, np.append(slope.ravel(), error.sum(axis=0))

    point = minimize(loss, np.zeros((width + 1) * labels), tolerance=1e-3, iterations=100)
    inner = point[: width * labels].reshape(width, labels) / spread[:, None]
    return inner, point[width * labels :] - mean @ inner


def _evidence(
    rows: NgramRows, buckets: int, positive: NDArray[np.bool_], weights: Vector
) -> Vector:
    """The size of the log ratio of an n-gram's shares in both classes, 1 in the mean square."""
    shares: list[Vector] = []
    for of_class in (positive, ~positive):
        mass = np.repeat(weights * of_class, rows.lengths)
        counts = np.bincount(rows.buckets, weights=mass, minlength=buckets) + SMOOTHING
        shares.append(counts / counts.sum())
    evidence = np.abs(np.log(shares[0] / shares[1]))
    evidence[np.bincount(rows.buckets, minlength=buckets) < LEAST_TEXTS] = 0.0
    return evidence / max(float(np.sqrt((evidence * evidence).mean())), 1e-9)


def _log_loss(sums: Vector, target: Vector, weights: Vector) -> tuple[float, Vector]:
    """The summed loss and its derivative by each sum."""
    value = float(weights @ (np.logaddexp(0.0, sums) - target * sums))
    return value, weights * (logistic(sums) - target)
