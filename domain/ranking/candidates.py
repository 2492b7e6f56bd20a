"""Candidates as columns: one array per attribute, never an object per candidate."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Mask = NDArray[np.bool_]
Words = NDArray[np.uint16]
Bits = NDArray[np.uint32]

MAX_CATEGORIES = 3
MAX_HASHTAGS = 6
DIGEST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Candidates:
    """One row per post; n rows.

    ``row`` [n] is the caller's own row number; ``key`` [n] the post's stable 64-bit key, which
    breaks ties. ``author``, ``category`` (the most confident), ``language``, ``region`` are codes
    of the caller's vocabularies, -1 for none. ``categories`` [n, 3] and ``hashtags`` [n, 6] are
    codes padded with -1, ``confidence`` [n, 3] goes with ``categories``. ``created_at`` is in
    epoch seconds; ``quality`` in [0, 1], NaN where unknown. ``digest`` [n, 8] are the words that
    seen filters look up. ``sources`` [n] has bit ``1 << CandidateSource`` for each source that
    found the post. ``columns`` holds further float64 [n] columns by name, such as ``trend.DAY``
    (the decayed engagement now) or ``likes``.
    """

    row: Codes
    key: Ints
    author: Codes
    category: Codes
    categories: Codes
    confidence: Floats
    hashtags: Codes
    language: Codes
    region: Codes
    created_at: Floats
    quality: Floats
    sensitive: Mask
    recommendable: Mask
    digest: Words
    sources: Bits
    columns: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.row)

    def take(self, rows: Ints) -> "Candidates":
        """The rows at these places, in the order given."""
        return Candidates(
            row=self.row.take(rows),
            key=self.key.take(rows),
            author=self.author.take(rows),
            category=self.category.take(rows),
            categories=self.categories.take(rows, axis=0),
            confidence=self.confidence.take(rows, axis=0),
            hashtags=self.hashtags.take(rows, axis=0),
            language=self.language.take(rows),
            region=self.region.take(rows),
            created_at=self.created_at.take(rows),
            quality=self.quality.take(rows),
            sensitive=self.sensitive.take(rows),
            recommendable=self.recommendable.take(rows),
            digest=self.digest.take(rows, axis=0),
            sources=self.sources.take(rows),
            columns={name: column.take(rows) for name, column in self.columns.items()},
        )
