"""Growing columns: one array per attribute of a post, doubled when they are full."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from domain.policy_columns import Verdicts
from domain.ranking.candidates import (
    DIGEST_WORDS,
    MAX_CATEGORIES,
    MAX_HASHTAGS,
    Codes,
    Floats,
    Ints,
    Mask,
    Words,
)
from services.vocabulary import ABSENT


@dataclass(slots=True)
class PostColumns:
    """Arrays of equal capacity; shapes and meanings as in ``Candidates``.

    ``verdicts`` are what lists may do with a post (``domain.policy_columns``), ``recommendable``
    whether it may be in any. ``touched`` is the number of the last use, for choosing what to drop.
    """

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
    verdicts: Verdicts
    recommendable: Mask
    digest: Words
    likes: Ints
    comments: Ints
    reposts: Ints
    views: Ints
    cluster: Floats
    moved_at: Floats
    touched: Ints

    @classmethod
    def empty(cls, capacity: int) -> Self:
        def codes(*width: int) -> Codes:
            return np.full((capacity, *width), ABSENT, dtype=np.int32)

        def counts() -> Ints:
            return np.zeros(capacity, dtype=np.int64)

        return cls(
            key=counts(),
            author=codes(),
            category=codes(),
            categories=codes(MAX_CATEGORIES),
            confidence=np.zeros((capacity, MAX_CATEGORIES)),
            hashtags=codes(MAX_HASHTAGS),
            language=codes(),
            region=codes(),
            created_at=np.zeros(capacity),
            quality=np.full(capacity, np.nan),
            verdicts=np.zeros(capacity, dtype=np.uint16),
            recommendable=np.zeros(capacity, dtype=np.bool_),
            digest=np.zeros((capacity, DIGEST_WORDS), dtype=np.uint16),
            likes=counts(),
            comments=counts(),
            reposts=counts(),
            views=counts(),
            cluster=np.full(capacity, np.nan),
            moved_at=np.full(capacity, -np.inf),
            touched=counts(),
        )

    @property
    def capacity(self) -> int:
        return len(self.key)

    def grown(self, capacity: int) -> Self:
        """The same rows in larger arrays."""
        larger = type(self).empty(capacity)
        for field in fields(self):
            getattr(larger, field.name)[: self.capacity] = getattr(self, field.name)
        return larger
