"""Suggestions of several kinds as one short list."""

from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from typing import TypeAlias

Suggestion: TypeAlias = tuple[str, str]
"""A text and the name of its ``SearchType``."""


def interleave(kinds: Iterable[Sequence[Suggestion]], limit: int) -> Sequence[Suggestion]:
    """The best of each kind, then the second best of each, and so on; no text twice."""
    rounds = chain.from_iterable(zip_longest(*kinds))
    return list(dict.fromkeys(found for found in rounds if found is not None))[:limit]
