"""How well spam, toxicity, NSFW texts, clickbait and fake accounts are told, set by set.

For each set: the reference, learned from this set's training file; the model that is shipped; and
the product's own training run on all of the folder's training files. Test files are only tested.
Figures are those of scores for equal classes; bands, those of the scores that posts get.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.moderation import BOT_LIMIT, REVIEW_BAND
from evaluation.classifiers import (
    PRODUCT,
    SHIPPED,
    classes_of,
    learned_here,
    read_part,
    shipped_models,
    tell_rate,
    with_product,
)
from evaluation.data import UnusableData
from evaluation.tables import Row, Table
from evaluation.tfidf_reference import NAME, installed, reference_scores
from ml.features import Encoder, extract
from ml.models import Models
from ml.shelf import Shelf
from ml.text_model import TextModel, softmax
from ml.training.account_training import read_accounts, train_account_model
from ml.training.data_sets import FAKE_ACCOUNTS, DataSet, Part, UnreadableSet
from ml.training.examples import POSITIVE
from ml.training.measuring import bands, binary_metrics, calibration_error
from ml.training.recipes import HEADLINES, NSFW, SPAM, TOXICITY, TextRecipe
from ml.training.regression import fit_columns
from runtime.clock import SystemClock

RECIPES: Final = (SPAM, TOXICITY, NSFW, HEADLINES)
TABLE: Final = "safety"
PLAIN_NUMBERS: Final = "logistic regression on the plain numbers"
KNOWN_HERE: Final = "explore, of what it knows of accounts"
UNKNOWN_HERE: Final = (3, 5)  # the length of the biography, and whether the account is private
CLASSES: Final = 2


def evaluate(folder: Path) -> list[Table]:
    """A table per set whose test file is there."""
    _require_tests(folder)
    return measure(folder, *shipped_models(Shelf()))


def measure(folder: Path, models: Models, encoder: Encoder | None) -> list[Table]:
    """The same with these as the shipped models."""
    _require_tests(folder)
    tables: list[Table] = []
    for recipe in RECIPES:
        tables += _of_recipe(recipe, folder, models, encoder)
    if FAKE_ACCOUNTS.path(folder, Part.TEST).is_file():
        tables.append(_of_accounts(folder))
    return tables


def _require_tests(folder: Path) -> None:
    sets = [FAKE_ACCOUNTS, *(one for recipe in RECIPES for one in recipe.sets)]
    if not any(one.path(folder, Part.TEST).is_file() for one in sets):
        raise UnusableData(f"{folder / TABLE}: no *.test.csv.gz; is --data the right folder?")


def _of_recipe(
    recipe: TextRecipe, folder: Path, models: Models, encoder: Encoder | None
) -> list[Table]:
    tested = [one for one in recipe.sets if one.path(folder, Part.TEST).is_file()]
    if not tested:
        return []
    shipped: Mapping[str, TextModel | None] = {
        SPAM.name: models.spam,
        TOXICITY.name: models.toxicity,
        NSFW.name: models.nsfw,
        HEADLINES.name: models.clickbait,
    }
    own = learned_here(recipe, folder, encoder)
    by_name = {SHIPPED: shipped[recipe.name], PRODUCT: own}
    return [_table(recipe, source, folder, by_name, encoder) for source in tested]


def _table(
    recipe: TextRecipe,
    source: DataSet,
    folder: Path,
    models: Mapping[str, TextModel | None],
    encoder: Encoder | None,
) -> Table:
    rows = read_part(source, folder, Part.TEST)
    if rows is None:
        raise UnusableData(f"{source.path(folder, Part.TEST)} is gone")
    positive = classes_of(recipe, rows, (POSITIVE,)) == 1
    cases = {"texts": len(positive)}
    if not rows.texts:
        return Table(TABLE, (), cases, set=source.name)
    results, banded = _reference(recipe, source, folder, rows.texts, positive), list[Row]()
    clock = SystemClock()
    began = clock.monotonic()
    features = extract(rows.texts, encoder if recipe.encoded else None)
    for name, model in models.items():
        scores = model.score(features) if model else None
        if model and scores is not None:
            results.append(_row(name, scores[:, 0], positive))
            if recipe.expected_share is not None:  # quality has no bands
                served = model.served(scores)[:, 0]
                banded.append(Row(name, bands(served, positive), product=name == PRODUCT))
    tell_rate(source.name, len(rows.texts), clock.monotonic() - began)
    return Table(TABLE, with_product(results), cases, set=source.name, bands=with_product(banded))


def _reference(
    recipe: TextRecipe,
    source: DataSet,
    folder: Path,
    tested: Sequence[str],
    positive: NDArray[np.bool_],
) -> list[Row]:
    learned = read_part(source, folder, Part.TRAIN)
    if learned is None or not installed():
        return []
    classes = classes_of(recipe, learned, (POSITIVE,))
    if len(np.unique(classes)) < CLASSES:
        return []
    scores = reference_scores(learned.texts, classes, tested, pieces=True)[:, 1]
    return [_row(NAME, scores, positive)]


def _of_accounts(folder: Path) -> Table:
    """None is shipped: the set states no license. Rules ask for posts, of which it has none."""
    try:
        tested, truly = read_accounts(folder, Part.TEST)
        learned = None
        if FAKE_ACCOUNTS.path(folder, Part.TRAIN).is_file():
            learned = read_accounts(folder, Part.TRAIN)
    except UnreadableSet as error:
        raise UnusableData(str(error)) from error
    cases = {"accounts": len(truly)}
    if not len(truly) or learned is None or len(np.unique(learned[1])) < CLASSES:
        sys.stderr.write(f"{FAKE_ACCOUNTS.name}: nothing to learn from, and no model is shipped\n")
        return Table(TABLE, (), cases, set=FAKE_ACCOUNTS.name)
    model, positive = train_account_model(*learned), truly == 1
    known_here = tested.copy()
    known_here[:, UNKNOWN_HERE] = np.nan
    scores, served = model.score_numbers(tested), model.score_numbers(known_here)
    rows = [
        _row(PLAIN_NUMBERS, _plain_scores(*learned, tested), positive),
        _row(KNOWN_HERE, served, positive),
        _row(PRODUCT, scores, positive),
    ]
    banded = [Row(KNOWN_HERE, bands(served, positive, (REVIEW_BAND[0], BOT_LIMIT)))]
    return Table(TABLE, rows, cases, set=FAKE_ACCOUNTS.name, bands=banded)


def _plain_scores(
    numbers: NDArray[np.float64], fake: NDArray[np.int64], tested: NDArray[np.float64]
) -> NDArray[np.float64]:
    columns = numbers.astype(np.float32)
    weights, bias = fit_columns(columns, fake, np.ones(len(fake)), strength=1.0)
    return softmax(tested @ weights + bias)[:, 1]


def _row(name: str, scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> Row:
    error = {"calibration_error": calibration_error(scores, positive)}
    return Row(name, {**binary_metrics(scores, positive), **error}, product=name == PRODUCT)
