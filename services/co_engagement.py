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
    strengths = np.zeros(len(cache.catalog.table))
    for place, post_id in enumerate(liked):
        pool = cache.pool(pools.similar(post_id))
        strengths[pool.rows] += 2.0 ** (-place / HALVED_AFTER) * pool.scores
    most = strengths.max(initial=0.0)
    return {"co_engaged": strengths[rows] / most if most > 0.0 else strengths[rows]}
