"""What is something different for a viewer: nothing of topics and creators that they like."""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from domain.feed import CandidateSource
from domain.interest_reading import Interest, Interests
from domain.ranking.candidates import Bits, Codes
from services.post_table import PostTable
from services.sources import SAID

TRENDING: Final = np.uint32(1 << CandidateSource.TRENDING)
DIFFERENT: Final = np.uint32(1 << CandidateSource.SERENDIPITY)


def told_to(interests: Interests, table: PostTable, rows: Codes, bits: Bits) -> Bits:
    """[n], the sources of rows; what is liked and was found as different is called trending.

    Which it is: something different is drawn from further down the lists of what trends.
    """
    topics = _known(table.categories.code(slug) for slug in _liked(interests.topics))
    liked = {*_liked(interests.creators), *interests.followed}
    creators = _known(table.authors.code(creator) for creator in liked)
    familiar = np.isin(table.columns.categories[rows], topics).any(axis=1)
    familiar |= np.isin(table.columns.author[rows], creators)
    familiar &= (bits & DIFFERENT) > 0
    return np.where(familiar, (bits & ~DIFFERENT) | TRENDING, bits)


def _liked(interests: Mapping[str, Interest]) -> list[str]:
    return [
        name
        for name, interest in interests.items()
        if interest.strength > 0.0 or interest.state in SAID
    ]


def _known(codes: Iterable[int]) -> list[int]:
    return [code for code in codes if code >= 0]
