"""What sources are called for a viewer: nothing that they like is something different."""

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
BY_CREATOR: Final = np.uint32(1 << CandidateSource.CREATOR_AFFINITY)
LIKED: Final = 1
FOLLOWED: Final = 2
HELD: Final = np.uint32(1 << CandidateSource.SNAPSHOT | 1 << CandidateSource.STATIC)


def told_to(interests: Interests, table: PostTable, rows: Codes, bits: Bits) -> Bits:
    """[n], the sources of rows; what is liked and was found as different is called trending.

    Which it is: something different is drawn from further down the lists of what trends. Posts of
    followed creators are such whichever source found them: only some creators' lists are drawn.
    """
    topics = np.zeros(len(table.categories) + 1, dtype=np.bool_)  # by code; -1 is the last one
    topics[_known(map(table.categories.code, _liked(interests.topics)))] = True
    creators = np.zeros(len(table.authors) + 1, dtype=np.uint8)
    creators[_known(map(table.authors.code, _liked(interests.creators)))] = LIKED
    creators[_known(map(table.authors.code, interests.followed))] = FOLLOWED
    by = creators[table.columns.author[rows]]
    familiar = topics[table.columns.categories[rows]].any(axis=1)
    familiar |= by > 0
    bits = np.where((by == FOLLOWED) & ((bits & HELD) == 0), bits | BY_CREATOR, bits)
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
