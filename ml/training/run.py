"""From a folder of data to a model in its files: what ``python -m ml train`` does."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np

from ml.account_model import LABELS, account_fingerprint
from ml.artifacts import (
    Arrays,
    Manifest,
    OperatingPoint,
    TrainedOn,
    move_alias,
    pack,
    save,
    version_of,
)
from ml.features import Encoder, TextFeatures, extract, extract_ngrams, fingerprint
from ml.shelf import text_arrays
from ml.text_model import Link, TextModel
from ml.training.account_training import read_accounts, train_account_model
from ml.training.code_revision import code_revision
from ml.training.data_sets import FAKE_ACCOUNTS, Part, read_rows
from ml.training.examples import Examples, NothingToLearn, gather, truth
from ml.training.measuring import binary_metrics, calibration_error, topic_metrics
from ml.training.recipes import TEXT_RECIPES, TextRecipe
from ml.training.text_training import train_text_model

BOT: Final = "bot"
NAMES: Final = (*TEXT_RECIPES, BOT)
THRESHOLDS: Final = (0.5, 0.7, 0.8, 0.9)


def train(  # noqa: PLR0913 - all but three are named
    name: str,
    data: Path,
    out: Path,
    *,
    licensed: bool,
    encoder: Encoder | None,
    alias: str,
    labels: Path | None = None,
) -> Manifest:
    """Train, measure on the test files that are there, keep, and give the alias to the new model.

    ``licensed`` leaves out sets that state no license; ``labels`` are moderators' decisions.
    Raises ``NothingToLearn`` and ``UnreadableSet``.
    """
    if name == BOT:
        manifest, packed = _train_account(data, licensed=licensed)
    else:
        manifest, packed = _train_text(
            TEXT_RECIPES[name], data, licensed=licensed, encoder=encoder, labels=labels
        )
    save(out, manifest, packed)
    move_alias(out, alias, manifest.version)
    return manifest


def features_for(
    recipe: TextRecipe, texts: Sequence[str], encoder: Encoder | None
) -> TextFeatures:
    """The features that a recipe asks for; raises ``NothingToLearn`` without its encoder."""
    if not recipe.encoded:
        return TextFeatures(extract_ngrams(texts), None)
    if encoder is None:
        raise NothingToLearn(f"{recipe.name} needs the encoder of requirements/runtime.txt")
    return extract(texts, encoder)


def learn(recipe: TextRecipe, examples: Examples, encoder: Encoder | None) -> TextModel:
    return train_text_model(recipe, examples, features_for(recipe, examples.texts, encoder))


def _train_text(
    recipe: TextRecipe,
    data: Path,
    *,
    licensed: bool,
    encoder: Encoder | None,
    labels: Path | None,
) -> tuple[Manifest, bytes]:
    examples = gather(recipe, data, licensed=licensed, labels=labels)
    model = learn(recipe, examples, encoder)
    metrics, points = _measure(recipe, model, data, encoder)
    used = encoder.version if encoder and recipe.encoded else None
    packed = pack(text_arrays(model))
    manifest = Manifest(
        name=recipe.name,
        version=version_of(recipe.name, packed),
        kind="text",
        link=model.link,
        labels=model.labels,
        sha256=sha256(packed).hexdigest(),
        features=fingerprint(used),
        encoder=used,
        expected_share=recipe.expected_share,
        code=code_revision(),
        data=tuple(
            TrainedOn(rows.source.name, rows.digest, len(rows.texts), rows.source.license)
            for rows in examples.rows
        ),
        metrics=metrics,
        thresholds=points,
    )
    return manifest, packed


def _measure(
    recipe: TextRecipe, model: TextModel, data: Path, encoder: Encoder | None
) -> tuple[dict[str, dict[str, float]], tuple[OperatingPoint, ...]]:
    """On every test file of the recipe's sets, also of those that were not learned from."""
    metrics: dict[str, dict[str, float]] = {}
    points: list[OperatingPoint] = []
    for source in recipe.sets:
        if not source.path(data, Part.TEST).is_file():
            continue
        rows = read_rows(source, data, Part.TEST)
        classes = truth(recipe, rows, model.labels)
        scores = model.score(features_for(recipe, rows.texts, encoder))
        if scores is None:
            continue
        if recipe.topics:
            metrics[source.name] = _rounded(topic_metrics(scores, classes))
            continue
        positive, column = classes == 1, scores[:, 0]
        error = calibration_error(column, positive)
        metrics[source.name] = _rounded(
            {**binary_metrics(column, positive), "calibration_error": error}
        )
        points += operating_points(source.name, model.served(scores)[:, 0], positive)
    return metrics, tuple(points)


def _train_account(data: Path, *, licensed: bool) -> tuple[Manifest, bytes]:
    path = FAKE_ACCOUNTS.path(data, Part.TRAIN)
    if licensed or not path.is_file():
        raise NothingToLearn(f"{BOT}: no set of accounts that may be learned from in {data}")
    numbers, fake = read_accounts(data, Part.TRAIN)
    if len(np.unique(fake)) < 2:  # noqa: PLR2004  fake and genuine
        raise NothingToLearn(f"{BOT}: the rows are not of both classes")
    model = train_account_model(numbers, fake)
    metrics: dict[str, dict[str, float]] = {}
    points: tuple[OperatingPoint, ...] = ()
    if FAKE_ACCOUNTS.path(data, Part.TEST).is_file():
        tested, truly = read_accounts(data, Part.TEST)
        scores, positive = model.score_numbers(tested), truly == 1
        metrics[FAKE_ACCOUNTS.name] = _rounded(binary_metrics(scores, positive))
        points = tuple(operating_points(FAKE_ACCOUNTS.name, scores, positive))
    arrays: Arrays = {"weights": model.weights, "bias": model.bias, "means": model.means}
    packed = pack(arrays)
    digest = sha256(path.read_bytes()).hexdigest()
    manifest = Manifest(
        name=BOT,
        version=version_of(BOT, packed),
        kind="account",
        link=Link.LOGISTIC,
        labels=LABELS,
        sha256=sha256(packed).hexdigest(),
        features=account_fingerprint(),
        encoder=None,
        code=code_revision(),
        data=(TrainedOn(FAKE_ACCOUNTS.name, digest, len(fake), FAKE_ACCOUNTS.license),),
        metrics=metrics,
        thresholds=points,
    )
    return manifest, packed


def operating_points(
    source: str, served: np.typing.NDArray[np.float64], positive: np.typing.NDArray[np.bool_]
) -> list[OperatingPoint]:
    """What each threshold does to the set's rows; ``served`` are scores as posts get them."""
    points: list[OperatingPoint] = []
    for threshold in THRESHOLDS:
        found = binary_metrics(served, positive, threshold)
        figures = (found["precision"], found["recall"], float((served >= threshold).mean()))
        points.append(OperatingPoint(source, threshold, *(round(figure, 4) for figure in figures)))
    return points


def _rounded(metrics: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in metrics.items()}
