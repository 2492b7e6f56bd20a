"""A linear model of texts: n-gram weights in 8 bits and sentence-vector weights in 16.

The parts were trained apart and blended by what a held-out part of the training data said, so the
scores are calibrated to the balanced training data. Serving needs numpy alone.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ml.features import TextFeatures


class Link(StrEnum):
    """How sums become scores: each label by itself, or shares of one."""

    LOGISTIC = "logistic"
    SOFTMAX = "softmax"


@dataclass(frozen=True, slots=True)
class TextModel:
    """``ngram_weights`` (labels, buckets) times ``ngram_scales`` (labels) are the weights.

    ``vector_weights`` (dimensions, labels) is None for a model that needs no encoder.
    ``encoder`` is the version of the one whose vectors the weights are for.
    ``expected_share`` is that of positives among the posts that it will meet, see ``at_share``.
    """

    version: str
    labels: tuple[str, ...]
    link: Link
    ngram_weights: NDArray[np.int8]
    ngram_scales: NDArray[np.float32]
    vector_weights: NDArray[np.float16] | None
    bias: NDArray[np.float32]
    expected_share: float | None = None
    encoder: str | None = None

    def score(self, features: TextFeatures) -> NDArray[np.float64] | None:
        """A row per text, a column per label; None where the vectors it needs are missing."""
        sums = features.ngrams.sums(self.ngram_weights) * self.ngram_scales + self.bias
        if self.vector_weights is not None:
            if features.vectors is None:
                return None
            sums += features.vectors @ self.vector_weights.astype(np.float32)
        return logistic(sums) if self.link is Link.LOGISTIC else softmax(sums)

    def served(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """The scores as posts get them: for the world that is expected, where one is."""
        if self.link is not Link.LOGISTIC or self.expected_share is None:
            return scores
        return at_share(scores, self.expected_share)


def logistic(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Without overflow for any sum."""
    return 0.5 * (1.0 + np.tanh(0.5 * sums))


def at_share(scores: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Scores that were calibrated to equal classes, for a world with this share of positives.

    Source: Saerens, Latinne, Decaestecker 2002, equation 4. Keeps 0, 1 and the order.
    """
    likely = scores * share
    return likely / (likely + (1.0 - scores) * (1.0 - share))


def softmax(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(sums - sums.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
