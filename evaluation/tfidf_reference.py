"""The reference of the data folder: TF-IDF and logistic regression, by scikit-learn.

Nothing else of this project needs that library, so it may be missing: see
``requirements/evaluation.txt``.
"""

import importlib.util
from collections.abc import Sequence
from importlib import import_module
from typing import Final

import numpy as np
from numpy.typing import NDArray

NAME: Final = "TF-IDF + logistic regression"
REMEDY: Final = (
    "scikit-learn is not installed: `make .venv/.evaluation` does it, or `make evaluate DATA=dir` "
    "(requirements/evaluation.txt)"
)
STRENGTH: Final = 10.0
LEAST_TEXTS: Final = 2


def installed() -> bool:
    return importlib.util.find_spec("sklearn") is not None


def reference_scores(
    texts: Sequence[str], classes: NDArray[np.int64], tested: Sequence[str], *, pieces: bool
) -> NDArray[np.float64]:
    """Shares of the classes for each tested text. Words and pairs; ``pieces``: and 2 to 5 letters.

    Learned from the set's own training rows alone.
    """
    vectorizer = import_module("sklearn.feature_extraction.text").TfidfVectorizer
    parts = [("words", vectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=LEAST_TEXTS))]
    if pieces:
        letters = vectorizer(
            analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=LEAST_TEXTS
        )
        parts.append(("pieces", letters))
    features = import_module("sklearn.pipeline").FeatureUnion(parts)
    learned = features.fit_transform(texts)
    regression = import_module("sklearn.linear_model").LogisticRegression(
        C=STRENGTH, class_weight="balanced", solver="liblinear", random_state=0
    )
    model = import_module("sklearn.multiclass").OneVsRestClassifier(regression)
    shares = model.fit(learned, classes).predict_proba(features.transform(tested))
    return np.asarray(shares, np.float64)
