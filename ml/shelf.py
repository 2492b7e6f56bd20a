"""Models from their files, by alias."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np

from ml.account_model import (
    BASE_COLUMNS,
    EXPANDED_COLUMNS,
    AccountModel,
    account_fingerprint,
)
from ml.artifacts import Arrays, Manifest, ModelMissing, ModelRefused, load_named, read_aliases
from ml.features import fingerprint
from ml.ngrams import BUCKETS
from ml.text_model import Link, TextModel

SHIPPED: Final = Path(__file__).parent / "models"


class Shelf:
    """The models of a folder. What is asked for is read anew each time; keep what you get."""

    def __init__(self, folder: Path = SHIPPED) -> None:
        self._folder = folder

    def aliases(self) -> Mapping[str, str]:
        """Alias to version; raises ``ModelRefused`` where that cannot be read."""
        return read_aliases(self._folder)

    def text_model(self, alias: str) -> TextModel:
        """Raises ``ModelUnavailable``."""
        manifest, arrays = self._load(alias, "text")
        if manifest.features != fingerprint(manifest.encoder):
            raise ModelRefused(f"{manifest.version}: trained on other features than these")
        return text_model(manifest, arrays)

    def account_model(self, alias: str) -> AccountModel:
        """Raises ``ModelUnavailable``."""
        manifest, arrays = self._load(alias, "account")
        if manifest.features != account_fingerprint():
            raise ModelRefused(f"{manifest.version}: trained on other columns than these")
        return _account_model(manifest, arrays)

    def _load(self, alias: str, kind: str) -> tuple[Manifest, Arrays]:
        version = read_aliases(self._folder).get(alias)
        if version is None:
            raise ModelMissing(f"no model is called {alias} in {self._folder}")
        manifest, arrays = load_named(self._folder, alias, version)
        if manifest.kind != kind:
            raise ModelRefused(f"{version} is no {kind} model")
        return manifest, arrays


def _account_model(manifest: Manifest, arrays: Arrays) -> AccountModel:
    try:
        weights, bias, means = (arrays[name] for name in ("weights", "bias", "means"))
    except KeyError as error:
        raise ModelRefused(f"{manifest.version}: no array {error}") from error
    shapes = weights.shape, bias.shape, means.shape
    if shapes != ((EXPANDED_COLUMNS,), (1,), (BASE_COLUMNS,)):
        raise ModelRefused(f"{manifest.version}: its arrays do not fit together")
    return AccountModel(
        manifest.version,
        weights.astype(np.float32),
        bias.astype(np.float32),
        means.astype(np.float32),
    )


def text_model(manifest: Manifest, arrays: Arrays) -> TextModel:
    """Raises ``ModelRefused`` where arrays are missing or their shapes do not fit together."""
    labels = len(manifest.labels)
    try:
        model = TextModel(
            version=manifest.version,
            labels=manifest.labels,
            link=Link(manifest.link),
            ngram_weights=arrays["ngram_weights"].astype(np.int8),
            ngram_scales=arrays["ngram_scales"].astype(np.float32),
            vector_weights=(
                arrays["vector_weights"].astype(np.float16) if manifest.encoder else None
            ),
            bias=arrays["bias"].astype(np.float32),
            expected_share=manifest.expected_share,
            encoder=manifest.encoder,
        )
    except (KeyError, ValueError) as error:
        raise ModelRefused(f"{manifest.version}: {error!r}") from error
    buckets = model.ngram_weights.shape[-1]
    fits = (
        model.ngram_weights.shape == (labels, buckets)
        and buckets & (buckets - 1) == 0
        and 0 < buckets <= BUCKETS
        and model.ngram_scales.shape == model.bias.shape == (labels,)
        and (model.vector_weights is None or model.vector_weights.shape[1:] == (labels,))
    )
    if not fits:
        raise ModelRefused(f"{manifest.version}: its arrays do not fit together")
    return model


def text_arrays(model: TextModel) -> Arrays:
    """What is kept of a text model in its file."""
    arrays: dict[str, np.typing.NDArray[np.generic]] = {
        "ngram_weights": model.ngram_weights,
        "ngram_scales": model.ngram_scales,
        "bias": model.bias,
    }
    if model.vector_weights is not None:
        arrays["vector_weights"] = model.vector_weights
    return arrays
