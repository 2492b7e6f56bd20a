"""What the tables of safety and topics share: each recipe learned from the folder, once."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from evaluation.data import UnusableData
from evaluation.progress import shown
from evaluation.tables import Row
from evaluation.tfidf_reference import REMEDY, installed
from ml.features import Encoder
from ml.models import Models, open_models
from ml.shelf import Shelf
from ml.text_model import TextModel
from ml.training.data_sets import DataSet, Part, Rows, UnreadableSet, read_rows
from ml.training.examples import NothingToLearn, gather, truth
from ml.training.recipes import TextRecipe
from ml.training.run import learn

PRODUCT: Final = "explore"
SHIPPED: Final = "explore, shipped model"
CHUNK: Final = 256


class ShownEncoder:
    """An encoder that shows its progress; it takes most of the time."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    @property
    def version(self) -> str:
        return self._encoder.version

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        starts = range(0, len(texts), CHUNK)
        chunks = [texts[start : start + CHUNK] for start in starts]
        encoded = [self._encoder.encode(chunk) for chunk in shown(chunks, "encoding, in 256s")]
        return np.concatenate(encoded) if encoded else self._encoder.encode([])


def shipped_models(shelf: Shelf) -> tuple[Models, Encoder | None]:
    """The models as they are shipped; what is missing is told on standard error."""
    models, refused = open_models(shelf)
    for name, why in refused.items():
        sys.stderr.write(f"{name}: {why}\n")
    if not installed():
        sys.stderr.write(f"no reference rows: {REMEDY}\n")
    return models, None if models.encoder is None else ShownEncoder(models.encoder)


def learned_here(recipe: TextRecipe, folder: Path, encoder: Encoder | None) -> TextModel | None:
    """A model of all of the folder's training files, None where there is nothing to learn."""
    try:
        return learn(recipe, gather(recipe, folder, licensed=False), encoder)
    except NothingToLearn as error:
        sys.stderr.write(f"{error}\n")
        return None
    except UnreadableSet as error:
        raise UnusableData(str(error)) from error


def with_product(rows: Sequence[Row]) -> Sequence[Row]:
    """The shipped model's row is the product's where nothing was learned from the folder."""
    if any(row.product for row in rows):
        return rows
    return [replace(row, product=row.name == SHIPPED) for row in rows]


def tell_rate(what: str, texts: int, seconds: float) -> None:
    """On standard error: times are no part of the tables, which are the same every time."""
    rate = texts / max(seconds, 1e-9)
    each = 1_000 * seconds / max(texts, 1)
    sys.stderr.write(f"{what}: {rate:,.0f} texts/s, {each:.2f} ms each\n")


def classes_of(recipe: TextRecipe, rows: Rows, labels: tuple[str, ...]) -> NDArray[np.int64]:
    try:
        return truth(recipe, rows, labels)
    except UnreadableSet as error:
        raise UnusableData(str(error)) from error


def read_part(source: DataSet, folder: Path, part: Part) -> Rows | None:
    """The rows of a file, None where there is none."""
    if not source.path(folder, part).is_file():
        return None
    try:
        return read_rows(source, folder, part)
    except UnreadableSet as error:
        raise UnusableData(str(error)) from error
