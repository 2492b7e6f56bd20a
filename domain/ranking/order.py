"""The one order of rows: highest total first, ties by key, so that it is the same everywhere."""

import numpy as np

from domain.ranking.candidates import Floats, Ints


def best_first(totals: Floats, keys: Ints) -> Ints:
    """[n], the rows by falling total; equal totals by rising key."""
    falling = -totals
    order = falling.argsort()
    ranked = falling[order]
    equal = (ranked[1:] == ranked[:-1]).nonzero()[0]
    if len(equal):
        tied = np.zeros(len(order), dtype=np.bool_)
        tied[equal] = tied[equal + 1] = True
        rows = order[tied]
        order[tied] = rows[np.lexsort((keys[rows], falling[rows]))]
    return order
