"""How well a post's topic is told from its title: accuracy, macro F1 and the best three."""

from pathlib import Path
from typing import Final

import numpy as np

from evaluation.classifiers import (
    PRODUCT,
    SHIPPED,
    learned_here,
    read_part,
    shipped_models,
    tell_rate,
    with_product,
)
from evaluation.data import UnusableData
from evaluation.tables import Row, Table
from evaluation.tfidf_reference import installed, reference_scores
from ml.features import Encoder, extract
from ml.models import Models
from ml.shelf import Shelf
from ml.training.data_sets import REDDIT_TOPICS, Part, Rows
from ml.training.measuring import topic_metrics
from ml.training.recipes import TOPICS
from runtime.clock import SystemClock

TABLE: Final = "topics"
REFERENCE: Final = "word TF-IDF + logistic regression"


def evaluate(folder: Path) -> list[Table]:
    """One table; without rows where there is neither an encoder nor scikit-learn to fill it."""
    _tested(folder)
    return measure(folder, *shipped_models(Shelf()))


def measure(folder: Path, models: Models, encoder: Encoder | None) -> list[Table]:
    """The same with these as the shipped models."""
    rows = _tested(folder)
    own = learned_here(TOPICS, folder, encoder)
    results = _reference(read_part(REDDIT_TOPICS, folder, Part.TRAIN), rows)
    clock = SystemClock()
    began = clock.monotonic()
    features = extract(rows.texts, encoder)
    for name, model in ((SHIPPED, models.topics), (PRODUCT, own)):
        scores = model.score(features) if model else None
        if model and scores is not None:
            truth = _numbers(rows, model.labels)
            results.append(Row(name, topic_metrics(scores, truth), product=name == PRODUCT))
    tell_rate(TABLE, len(rows.texts), clock.monotonic() - began)
    cases = {"texts": len(rows.texts)}
    return [Table(TABLE, with_product(results), cases, set=REDDIT_TOPICS.name)]


def _tested(folder: Path) -> Rows:
    rows = read_part(REDDIT_TOPICS, folder, Part.TEST)
    if rows is None or not rows.texts:
        path = REDDIT_TOPICS.path(folder, Part.TEST)
        raise UnusableData(f"{path} has no rows; is --data the right folder?")
    return rows


def _reference(learned: Rows | None, tested: Rows) -> list[Row]:
    if learned is None or not installed():
        return []
    labels = tuple(sorted(set(learned.labels)))
    if len(labels) < 2:  # noqa: PLR2004 - nothing to tell apart
        return []
    classes = _numbers(learned, labels)
    scores = reference_scores(learned.texts, classes, tested.texts, pieces=False)
    return [Row(REFERENCE, topic_metrics(scores, _numbers(tested, labels)))]


def _numbers(rows: Rows, labels: tuple[str, ...]) -> np.typing.NDArray[np.int64]:
    """The place of each row's label; -1 for one that is not among them."""
    places = {label: place for place, label in enumerate(labels)}
    return np.array([places.get(label, -1) for label in rows.labels], np.int64)
