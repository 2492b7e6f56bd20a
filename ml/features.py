"""What models see of texts: hashed n-grams, and sentence vectors where an encoder is there.

Training and serving call the same functions, and an artifact carries the fingerprint of what they
answered when it was trained: a model never meets features of another kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from ml.folding import fold, number_shapes
from ml.ngrams import NgramRows, hash_ngrams

PROBE: Final = (
    "Fr33 pr0n!! cаll 0800-555 at https://example.com/a?b=1",  # noqa: RUF001  a Cyrillic letter
    "नमस्ते, 世界! Déjà\u200b-vu \U0001f600",
)


class Encoder(Protocol):
    """Texts to a row of floats each; its version names model and pooling."""

    @property
    def version(self) -> str: ...
    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class TextFeatures:
    """Features of a batch; ``vectors`` is None where no encoder is installed."""

    ngrams: NgramRows
    vectors: NDArray[np.float32] | None

    def __len__(self) -> int:
        return len(self.ngrams)

    def selected(self, rows: NDArray[np.bool_]) -> "TextFeatures":
        """The features of some of the texts."""
        vectors = None if self.vectors is None else self.vectors[rows]
        return TextFeatures(self.ngrams.selected(rows), vectors)


def extract(texts: Sequence[str], encoder: Encoder | None) -> TextFeatures:
    """Both kinds of features, computed once for all models."""
    return TextFeatures(extract_ngrams(texts), encoder.encode(texts) if encoder else None)


def extract_ngrams(texts: Sequence[str]) -> NgramRows:
    folded = [fold(text) for text in texts]
    return hash_ngrams([f"{text} {number_shapes(text)}" for text in folded])


def fingerprint(encoder_version: str | None) -> str:
    """Changes with every change of folding, n-grams, hashing or encoder."""
    rows = extract_ngrams(PROBE)
    digest = sha256(rows.buckets.tobytes() + rows.starts.tobytes())
    digest.update((encoder_version or "").encode())
    return digest.hexdigest()[:16]
