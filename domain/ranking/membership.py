"""Looking up a column of codes in a viewer's short sorted list of them.

A table of 1,024 flags by the codes' low bits leaves only a few rows for the exact search.
"""

import numpy as np
from numpy.typing import NDArray

from domain.ranking.candidates import Floats, Mask

AnyInts = NDArray[np.int32] | NDArray[np.int64]
LOW_BITS = 0x3FF


def contains(members: AnyInts, column: AnyInts) -> Mask:
    """[n], whether each of ``column`` is among the sorted ``members``."""
    found = np.zeros(len(column), dtype=np.bool_)
    rows, _ = _matches(members, column)
    found[rows] = True
    return found


def weights_of(members: AnyInts, weights: Floats, column: AnyInts) -> Floats:
    """[n], the weight of each of ``column``, 0 where it is not among the sorted ``members``."""
    found = np.zeros(len(column))
    rows, places = _matches(members, column)
    found[rows] = weights[places]
    return found


def _matches(members: AnyInts, column: AnyInts) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows of ``column`` that are members, and their places among the members."""
    if not len(members):
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing
    flags = np.zeros(LOW_BITS + 1, dtype=np.bool_)
    flags[members & LOW_BITS] = True
    rows = np.flatnonzero(flags[column & LOW_BITS])
    codes = column[rows]
    places = np.minimum(members.searchsorted(codes), len(members) - 1)
    hits = members[places] == codes
    return rows[hits], places[hits]
