"""Looking up a column of codes in a viewer's short sorted list of them."""

import numpy as np
from numpy.typing import NDArray

from domain.ranking.candidates import Floats, Mask

AnyInts = NDArray[np.int32] | NDArray[np.int64]


def contains(members: AnyInts, column: AnyInts) -> Mask:
    """[n], whether each of ``column`` is among the sorted ``members``."""
    if not len(members):
        return np.zeros(len(column), dtype=np.bool_)
    places = np.searchsorted(members, column)
    return members[np.minimum(places, len(members) - 1)] == column


def weights_of(members: AnyInts, weights: Floats, column: AnyInts) -> Floats:
    """[n], the weight of each of ``column``, 0 where it is not among the sorted ``members``."""
    if not len(members):
        return np.zeros(len(column))
    places = np.minimum(np.searchsorted(members, column), len(members) - 1)
    return np.where(members[places] == column, weights[places], 0.0)
