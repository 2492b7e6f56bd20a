"""What those engaged with who engaged with the viewer's latest posts, as lists and strengths."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from domain import pools
from domain.ranking.candidates import Codes, Floats
from services.pool_cache import PoolCache

HALVED_AFTER: Final = 5.0  # posts; the latest tell most: docs/ranking.md


def co_engaged(cache: PoolCache, liked: Sequence[str], rows: Codes) -> Mapping[str, Floats]:
    """The column ``co_engaged`` [n]: how strongly the liked posts, latest first, lead to each row.

    In [0, 1], as a part of the row they lead to most.
    """
    if not liked:
        return {"co_engaged": np.zeros(len(rows))}
    led_to = [cache.pool(pools.similar(post_id)) for post_id in liked]
    weights = np.array([2.0 ** (-place / HALVED_AFTER) for place in range(len(liked))])
    weighted = weights.repeat([len(pool.rows) for pool in led_to])
    weighted *= np.concatenate([pool.scores for pool in led_to])
    strengths = np.zeros(len(cache.catalog.table))
    np.add.at(strengths, np.concatenate([pool.rows for pool in led_to]), weighted)
    most = strengths.max(initial=0.0)
    return {"co_engaged": strengths[rows] / most if most > 0.0 else strengths[rows]}
