"""Filters over columns: each answers a mask and its reason, and nothing disappears silently."""

from collections.abc import Sequence
from enum import IntEnum
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from domain.ranking.candidates import Candidates, Mask
from domain.ranking.query import Query

Reasons = NDArray[np.int8]


class DropReason(IntEnum):
    """Why a row was left out; the value is its code in a column of reasons."""

    KEPT = 0
    NOT_RECOMMENDABLE = 1
    SENSITIVE = 2
    BLOCKED = 3
    MUTED_CREATOR = 4
    MUTED_TOPIC = 5
    MUTED_HASHTAG = 6
    MUTED_WORD = 7
    HIDDEN = 8
    HIDDEN_CREATOR = 9
    OWN = 10
    LANGUAGE = 11
    SEEN = 12
    IN_SESSION = 13
    TOO_OLD = 14
    FROM_THE_FUTURE = 15


class Filter(Protocol):
    """``lasting`` filters hold at every page of an open session, the others when it is ranked."""

    reason: ClassVar[DropReason]
    lasting: ClassVar[bool]

    def __call__(self, candidates: Candidates, query: Query) -> Mask | None:
        """[n], True keeps the row; None keeps all."""
        ...


def drop(candidates: Candidates, query: Query, filters: Sequence[Filter]) -> Reasons:
    """[n], the first reason that left each row out, 0 where it is kept."""
    reasons = np.zeros(len(candidates), dtype=np.int8)
    for keep in filters:
        mask = keep(candidates, query)
        if mask is not None:
            left_out = (~mask).nonzero()[0]
            reasons[left_out[reasons[left_out] == 0]] = keep.reason
    return reasons
