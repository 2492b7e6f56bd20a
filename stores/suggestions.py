"""Suggestions of several kinds as one short list."""

from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest

from domain.ports.search import Suggestion


def interleave(kinds: Iterable[Sequence[Suggestion]], limit: int) -> Sequence[Suggestion]:
    """The best of each kind, then the second best of each, and so on; none twice."""
    rounds = chain.from_iterable(zip_longest(*kinds))
    return list(dict.fromkeys(found for found in rounds if found is not None))[:limit]
