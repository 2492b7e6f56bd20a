"""The next page of a session, chosen from what may still be shown at this moment.

What holds for safety and what the viewer has said meanwhile is applied again, filters and lasting
adjusters both, so that it counts from the very next page on and shows in the explanations.
"""

import numpy as np

from domain.ranking.blend import share_index
from domain.ranking.candidates import Candidates, Floats, Mask
from domain.ranking.masks import drop
from domain.ranking.order import best_first
from domain.ranking.query import Query
from domain.ranking.recipe import Recipe
from domain.ranking.score import add_up, penalized
from domain.ranking.session import PackedFactor, RankedSession, packed, unpacked
from domain.ranking.slate import SlateRows, next_page


def still_allowed(candidates: Candidates, query: Query, recipe: Recipe) -> Mask:
    """[n], what the lasting filters let pass now."""
    return drop(candidates, query, recipe.lasting_filters) == 0


def choose_page(
    session: RankedSession,
    candidates: Candidates,
    query: Query,
    recipe: Recipe,
    size: int,
    *,
    alive: Mask | None = None,
) -> list[int]:
    """At most ``size`` rows of the session for its next page; appends them to ``session.order``.

    ``candidates`` are the session's posts as they are now, row by row; one that is gone stands as
    a row that is not recommendable. ``alive`` is ``still_allowed`` where that is known.
    """
    if alive is None:
        alive = still_allowed(candidates, query, recipe)
    order = np.arange(len(session.posts))
    if session.order:  # before the first page the rows stand as they were ranked
        total = _adjusted_again(session, candidates, query, recipe, alive)
        order[: session.fresh] = best_first(
            total[: session.fresh], candidates.key[: session.fresh]
        )
    shares = recipe.blend.effective(session.interactions)
    clusters = candidates.columns.get("cluster")
    flagged = candidates.columns.get("flagged")
    any_flagged = flagged is not None and bool(flagged.any())
    rows = SlateRows(
        author=candidates.author[order],
        category=candidates.category[order],
        share=share_index(session.source_codes()[order], shares),
        alive=alive[order],
        fresh=session.fresh,
        cluster=None if clusters is None else clusters[order],
        flagged=flagged[order] > 0.0 if flagged is not None and any_flagged else None,
    )
    place_of = np.empty(len(order), dtype=np.int64)
    place_of[order] = np.arange(len(order))
    served = place_of[session.order].tolist()
    page: list[int] = order[next_page(rows, served, size, recipe.rules, shares)].tolist()
    session.order += page
    return page


def _adjusted_again(
    session: RankedSession, candidates: Candidates, query: Query, recipe: Recipe, alive: Mask
) -> Floats:
    """The totals now; factors of lasting adjusters are renewed for what is not served yet."""
    total = add_up([term.column() for term in session.terms], (), len(session.posts))
    lasting = {adjuster.stage: adjuster for adjuster in recipe.adjusters if adjuster.lasting}
    renewed: list[PackedFactor] = []
    for factor in session.factors:
        values = unpacked(factor.values)
        if factor.stage in lasting:
            present = penalized(total, lasting[factor.stage](candidates, query, total, alive))
            present[session.order] = values[session.order]
            values = present
        renewed.append(PackedFactor(factor.stage, factor.reason, packed(values)))
        total = total * values
    session.factors = tuple(renewed)
    return total
