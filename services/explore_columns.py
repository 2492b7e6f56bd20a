"""The columns that the For You feed has besides those of every list."""

from collections.abc import Mapping, Sequence

import numpy as np

from domain import pools
from domain.ranking.candidates import Codes, Floats
from services.co_engagement import co_engaged
from services.exploration import propensities
from services.pool_cache import PoolCache
from services.sources import MOST_NEW, PINS


def explore_columns(
    cache: PoolCache, liked: Sequence[str], rows: Codes, seed: int
) -> Mapping[str, Floats]:
    """``co_engaged``, ``pinned`` and ``propensity`` [n] of rows of the table."""
    table = cache.catalog.table
    pinned = np.zeros(len(table))
    pinned[cache.pool(PINS).rows] = 1.0
    new = cache.pool(pools.fresh()).rows[:MOST_NEW]
    return {
        **co_engaged(cache, liked, rows),
        "pinned": pinned[rows],
        "propensity": propensities(table, new, rows, seed),
    }
