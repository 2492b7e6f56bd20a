"""candidates -> filters -> features -> score -> adjusters -> order.

The slate is chosen from the order page by page (``domain.ranking.slate``). Nothing disappears
silently: each row is in ``order`` or has a reason in ``dropped``.
"""

from dataclasses import dataclass

import numpy as np

from domain import served
from domain.ranking.blend import Share, SourceCodes, label, order_of
from domain.ranking.candidates import Candidates, Floats, Ints, Mask
from domain.ranking.masks import Reasons, drop
from domain.ranking.order import best_first
from domain.ranking.query import Excluded, Query
from domain.ranking.recipe import Recipe
from domain.ranking.score import FactorColumn, TermColumn, score
from domain.ranking.taste import Taste


@dataclass(frozen=True, slots=True)
class Ranking:
    """Columns over the n candidates, and ``order`` [k], the rows kept, best first.

    ``order[fresh:]`` were served minutes ago, oldest first: they come back only when nothing else
    is left. ``source`` [n] is the ``CandidateSource`` that a row is shown under, and ``shares``
    the blend for this viewer.
    """

    recipe: Recipe
    query: Query
    order: Ints
    fresh: int
    total: Floats
    terms: tuple[TermColumn, ...]
    factors: tuple[FactorColumn, ...]
    dropped: Reasons
    source: SourceCodes
    shares: tuple[Share, ...]


def rank(
    candidates: Candidates,
    taste: Taste,
    recipe: Recipe,
    *,
    now: float,
    seed: int = 0,
    excluded: Excluded | None = None,
) -> Ranking:
    """Rank all candidates for one viewer at ``now`` (epoch seconds); pure and total.

    Equal totals go by key, broken rows to the end; the order of the input does not matter.
    """
    query = Query(taste, now, seed, excluded or Excluded())
    dropped = drop(candidates, query, recipe.filters)
    kept = dropped == 0
    scored = score(candidates, query, recipe.features, recipe.adjusters, kept)
    order = _ordered(candidates, scored.total, scored.broken, kept)
    fresh = len(order)
    if recipe.returns_served and query.excluded.served:
        order, fresh = _served_last(order, candidates.key, query)
    shares = recipe.blend.effective(taste.interactions)
    return Ranking(
        recipe=recipe,
        query=query,
        order=order,
        fresh=fresh,
        total=scored.total,
        terms=scored.terms,
        factors=scored.factors,
        dropped=dropped,
        source=label(candidates.sources, order_of(shares)),
        shares=shares,
    )


def _ordered(candidates: Candidates, total: Floats, broken: Mask | None, kept: Mask) -> Ints:
    rows = kept.nonzero()[0]
    order = rows[best_first(total[rows], candidates.key[rows])]
    if broken is None:
        return order
    return np.concatenate([order[~broken[order]], order[broken[order]]])


def _served_last(order: Ints, keys: Ints, query: Query) -> tuple[Ints, int]:
    ages = served.age_order(query.excluded.served, keys[order], query.now)
    fresh, returning = order[ages < 0], (ages >= 0).nonzero()[0]
    returning = order[returning[np.argsort(ages[returning])]]
    return np.concatenate([fresh, returning]), len(fresh)
