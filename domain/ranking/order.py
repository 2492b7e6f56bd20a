"""The one order of rows: highest total first, ties by key, so that it is the same everywhere."""

import numpy as np

from domain.ranking.candidates import Floats, Ints


def best_first(totals: Floats, keys: Ints) -> Ints:
    """[n], the rows by falling total; equal totals by rising key."""
    order = np.argsort(-totals)
    ranked = totals[order]
    if (ranked[1:] == ranked[:-1]).any():
        return np.lexsort((keys, -totals))
    return order
