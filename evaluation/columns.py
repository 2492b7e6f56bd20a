"""Candidates for the product's ranking, made of replayed facts."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from domain.interest_reading import read_interests
from domain.interests import InterestProfile
from domain.ranking.candidates import (
    DIGEST_WORDS,
    MAX_CATEGORIES,
    MAX_HASHTAGS,
    Candidates,
    Codes,
    Floats,
    Ints,
)
from domain.ranking.taste import UNKNOWN, Taste, Vocabulary, code_taste
from domain.viewer import ViewerState


@dataclass(frozen=True, slots=True)
class Catalog:
    """Posts as columns of n, by time of creation; ``hashtags`` [n, 6] padded with -1."""

    key: Ints
    author: Codes
    category: Codes
    hashtags: Codes
    created_at: Floats

    def candidates(self, rows: Ints, columns: Mapping[str, Floats]) -> Candidates:
        """The named rows, all eligible and of one source, with further columns."""
        count = len(rows)
        categories = np.full((count, MAX_CATEGORIES), -1, dtype=np.int32)
        categories[:, 0] = self.category[rows]
        unknown = np.full(count, -1, dtype=np.int32)
        return Candidates(
            row=rows.astype(np.int32),
            key=self.key[rows],
            author=self.author[rows],
            category=self.category[rows],
            categories=categories,
            confidence=np.ones((count, MAX_CATEGORIES)),
            hashtags=self.hashtags[rows],
            language=unknown,
            region=unknown,
            created_at=self.created_at[rows],
            quality=np.full(count, np.nan),
            sensitive=np.zeros(count, dtype=np.bool_),
            recommendable=np.ones(count, dtype=np.bool_),
            digest=np.zeros((count, DIGEST_WORDS), dtype=np.uint16),
            sources=np.ones(count, dtype=np.uint32),
            columns=columns,
        )


class Names:
    """Codes in the order of first appearance."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._codes)

    def add(self, name: str) -> int:
        return self._codes.setdefault(name, len(self._codes))

    def find(self, name: str) -> int:
        return self._codes.get(name, UNKNOWN)


def hashtag_codes(tags: tuple[str, ...], names: Names) -> list[int]:
    """Six codes, padded with -1."""
    codes = [names.add(tag) for tag in tags[:MAX_HASHTAGS]]
    return codes + [UNKNOWN] * (MAX_HASHTAGS - len(codes))


def nobody() -> Taste:
    """The taste of an anonymous viewer."""
    vocabulary = Vocabulary(
        category=_unknown,
        creator=_unknown,
        hashtag=_unknown,
        languages=(),
        region=_unknown,
        categories=0,
    )
    interests = read_interests(InterestProfile(), ViewerState(), 0.0)
    return code_taste(interests, vocabulary, viewer=None)


def _unknown(name: str) -> int:  # noqa: ARG001 - a vocabulary without names
    return UNKNOWN
