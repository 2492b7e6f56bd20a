"""Texts with classes and weights, as trainers take them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ml.training.data_sets import DataSet, Part, Rows, UnreadableSet, read_rows
from ml.training.labels import read_labels
from ml.training.recipes import TextRecipe

BACKGROUND_ROWS: Final = 6_000
BACKGROUND_WEIGHT: Final = 0.05
HELD_OUT_SHARE: Final = 5
ENOUGH_DECISIONS: Final = 500
POSITIVE: Final = "positive"


class NothingToLearn(ValueError):
    """No set of a recipe is there, or its rows are all of one class."""


@dataclass(frozen=True, slots=True)
class Examples:
    """``classes`` number the labels; with the single label ``positive`` they are 0 and 1."""

    texts: Sequence[str]
    classes: NDArray[np.int64]
    weights: NDArray[np.float64]
    labels: tuple[str, ...]
    rows: Sequence[Rows]

    def selected(self, rows: NDArray[np.bool_]) -> "Examples":
        texts = [text for text, kept in zip(self.texts, rows, strict=True) if kept]
        return replace(self, texts=texts, classes=self.classes[rows], weights=self.weights[rows])

    def held_out(self) -> NDArray[np.bool_]:
        """A fifth of the texts, the same ones always; repeats of a text fall together."""
        return np.array([crc32(text.encode()) % HELD_OUT_SHARE == 0 for text in self.texts])


def gather(
    recipe: TextRecipe, folder: Path, *, licensed: bool, labels: Path | None = None
) -> Examples:
    """All training rows of a recipe's sets that are there; raises ``NothingToLearn``.

    Each class of each set weighs the same but for the recipe's emphasis, so that no set's share of
    positives is learned as a property of its texts. ``labels`` is a file of the operator's own
    moderators' decisions, which weigh as much as a set does as soon as there are
    ``ENOUGH_DECISIONS`` of a class.
    """
    sets = [one for one in recipe.sets if one.license or not licensed]
    rows = [read_rows(one, folder, Part.TRAIN) for one in sets if _there(one, folder)]
    if not rows:
        names = ", ".join(one.file for one in recipe.sets)
        raise NothingToLearn(f"{recipe.name}: none of {names} is in {folder}")
    names = _labels(recipe, rows)
    classes = [_classes(recipe, one, names) for one in rows]
    weights = [
        _balanced(of_set) * recipe.emphasis.get(one.source.name, 1.0)
        for one, of_set in zip(rows, classes, strict=True)
    ]
    if labels is not None and (own := read_labels(labels, recipe.name)).texts:
        rows.append(own)
        classes.append(_classes(recipe, own, names))
        weights.append(np.minimum(_balanced(classes[-1]), 1.0 / ENOUGH_DECISIONS))
    texts = [text for one in rows for text in one.texts]
    for one in recipe.background:
        if _there(one, folder):
            extra = _thinned(read_rows(one, folder, Part.TRAIN))
            size = len(extra.texts)
            texts += extra.texts
            classes.append(np.zeros(size, np.int64))
            weights.append(np.full(size, BACKGROUND_WEIGHT / max(size, 1)))
            rows.append(extra)
    joined = np.concatenate(classes)
    if len(np.unique(joined)) < len(names) or len(np.unique(joined)) == 1:
        raise NothingToLearn(f"{recipe.name}: the rows are not of all classes")
    mass = np.concatenate(weights)
    return Examples(texts, joined, mass * (len(mass) / mass.sum()), names, rows)


def truth(recipe: TextRecipe, rows: Rows, labels: tuple[str, ...]) -> NDArray[np.int64]:
    """The classes of the rows of a test file."""
    return _classes(recipe, rows, labels)


def _thinned(rows: Rows) -> Rows:
    """About ``BACKGROUND_ROWS`` of them, evenly spread."""
    step = max(1, len(rows.texts) // BACKGROUND_ROWS)
    return replace(rows, texts=rows.texts[::step], labels=rows.labels[::step])


def _there(source: DataSet, folder: Path) -> bool:
    return source.path(folder, Part.TRAIN).is_file()


def _labels(recipe: TextRecipe, rows: Sequence[Rows]) -> tuple[str, ...]:
    if not recipe.topics:
        return (POSITIVE,)
    return tuple(sorted({label for one in rows for label in one.labels}))


def _classes(recipe: TextRecipe, rows: Rows, labels: tuple[str, ...]) -> NDArray[np.int64]:
    try:
        if recipe.topics:
            numbers = {label: number for number, label in enumerate(labels)}
            return np.array([numbers.get(label, -1) for label in rows.labels], np.int64)
        return np.array([float(label) > 0 for label in rows.labels], np.int64)
    except ValueError as error:
        raise UnreadableSet(f"{rows.source.file}: {error}") from error


def _balanced(classes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Weights that sum to 1 for each class."""
    return 1.0 / np.bincount(classes)[classes]
