"""Trains a text model: n-grams and sentence vectors apart, blended by what held-out rows say."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ml.features import TextFeatures
from ml.text_model import Link, TextModel
from ml.training.blending import Blend, fit_blend
from ml.training.examples import Examples
from ml.training.recipes import TextRecipe
from ml.training.regression import fit_columns, fit_ngrams

LARGEST_BYTE: Final = 127

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Parts:
    """N-gram weights (labels, buckets), vector weights (dimensions, labels), and the biases."""

    ngrams: Floats
    ngram_bias: Floats
    vectors: Floats | None
    vector_bias: Floats

    def sums(self, features: TextFeatures) -> list[Floats]:
        """Of each part, (rows, labels)."""
        sums = [features.ngrams.sums(self.ngrams) + self.ngram_bias]
        if self.vectors is not None and features.vectors is not None:
            sums.append(features.vectors @ self.vectors + self.vector_bias)
        return sums


def train_text_model(recipe: TextRecipe, examples: Examples, features: TextFeatures) -> TextModel:
    """``features`` are those of the examples' texts; the version is left empty. Deterministic."""
    held_out = examples.held_out()
    first = _fit(recipe, examples.selected(~held_out), features.selected(~held_out))
    judges = examples.selected(held_out)
    blend = fit_blend(
        first.sums(features.selected(held_out)),
        judges.classes,
        judges.weights,
        one_of_many=recipe.topics,
    )
    return _assemble(recipe, examples.labels, _fit(recipe, examples, features), blend)


def _fit(recipe: TextRecipe, examples: Examples, features: TextFeatures) -> _Parts:
    classes, weights = examples.classes, examples.weights
    buckets = 1 << recipe.bucket_bits
    targets = range(len(examples.labels)) if recipe.topics else (1,)
    fitted = [
        fit_ngrams(features.ngrams, buckets, classes == target, weights, recipe.ngram_strength)
        for target in targets
    ]
    ngrams = np.stack([of_label for of_label, _ in fitted])
    ngram_bias = np.array([bias for _, bias in fitted])
    if features.vectors is None or not recipe.encoded:
        return _Parts(ngrams, ngram_bias, None, np.zeros(1))
    strength = recipe.vector_strength
    vectors, bias = fit_columns(features.vectors.copy(), classes, weights, strength)
    if not recipe.topics:  # of two classes the difference counts
        vectors, bias = vectors[:, 1:] - vectors[:, :1], bias[1:] - bias[:1]
    return _Parts(ngrams, ngram_bias, vectors, bias)


def _assemble(
    recipe: TextRecipe, labels: tuple[str, ...], parts: _Parts, blend: Blend
) -> TextModel:
    """The blended weights in the precision in which they are kept."""
    ngrams = parts.ngrams * blend.slopes[0]
    scales = np.abs(ngrams).max(axis=1) / LARGEST_BYTE + np.finfo(np.float32).tiny
    bias = parts.ngram_bias * blend.slopes[0] + blend.offset
    vectors = None
    if parts.vectors is not None:
        vectors = (parts.vectors * blend.slopes[1]).astype(np.float16)
        bias = bias + parts.vector_bias * blend.slopes[1]
    return TextModel(
        version="",
        labels=labels,
        link=Link.SOFTMAX if recipe.topics else Link.LOGISTIC,
        ngram_weights=np.rint(ngrams / scales[:, None]).astype(np.int8),
        ngram_scales=scales.astype(np.float32),
        vector_weights=vectors,
        bias=bias.astype(np.float32),
        expected_share=recipe.expected_share,
    )
