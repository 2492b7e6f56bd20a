"""Looking up columns of codes in a viewer's short sorted list of them.

A table of 1,024 flags by the codes' low bits leaves only a few rows for the exact search.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.ranking.candidates import Codes, Floats, Mask

AnyInts = NDArray[np.int32] | NDArray[np.int64]
LOW_BITS: Final = 0x3FF


def contains(members: AnyInts, column: AnyInts) -> Mask:
    """[n], whether each of ``column`` is among the sorted ``members``."""
    found = np.zeros(len(column), dtype=np.bool_)
    if len(members):
        found[_matches(members, column)[0]] = True
    return found


def weights_of(members: AnyInts, weights: Floats, column: AnyInts) -> Floats:
    """[n], the weight of each of ``column``, 0 where it is not among the sorted ``members``."""
    found = np.zeros(len(column))
    if len(members):
        rows, places = _matches(members, column)
        found[rows] = weights[places]
    return found


def rows_with_any(members: Codes, table: Codes) -> Mask:
    """[n], whether any code of each row of ``table`` [n, k] is among the sorted ``members``."""
    found = np.zeros(len(table), dtype=np.bool_)
    if len(members):
        found[_matches(members, table.ravel())[0] // table.shape[1]] = True
    return found


def mean_weights(members: Codes, weights: Floats, table: Codes) -> Floats:
    """[n], the mean weight of the codes of each row of ``table`` [n, k]; padding is -1."""
    if not len(members):
        return np.zeros(len(table))
    flat, places = _matches(members, table.ravel())
    rows = flat // table.shape[1]
    counts = np.einsum("ij->i", (table >= 0).astype(np.float64))
    sums = np.bincount(rows, weights=weights[places], minlength=len(table))
    return sums / np.maximum(counts, 1.0)


def least_weights(members: Codes, weights: Floats, table: Codes) -> Floats:
    """[n], the lowest weight of the codes of each row of ``table`` [n, k], at most 0."""
    least = np.zeros(len(table))
    flat, places = _matches(members, table.ravel())
    np.minimum.at(least, flat // table.shape[1], weights[places])
    return least


def _matches(members: AnyInts, column: AnyInts) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows of ``column`` that are members, and their places among the members."""
    flags = np.zeros(LOW_BITS + 1, dtype=np.bool_)
    flags[members & LOW_BITS] = True
    rows = flags[column & LOW_BITS].nonzero()[0]
    codes = column[rows]
    places = np.minimum(members.searchsorted(codes), len(members) - 1)
    hits = members[places] == codes
    return rows[hits], places[hits]
