"""The next page of a session, chosen from what may still be shown at this moment.

What holds for safety and what the viewer has said meanwhile is applied again, filters and lasting
adjusters both, so that it counts from the very next page on and shows in the explanations.
"""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from domain.ranking.blend import share_index
from domain.ranking.candidates import Candidates, Floats, Mask
from domain.ranking.masks import drop
from domain.ranking.order import best_first
from domain.ranking.query import Query
from domain.ranking.recipe import Recipe
from domain.ranking.score import add_up, penalized
from domain.ranking.session import PackedFactor, RankedSession, packed, unpacked
from domain.ranking.slate import Slate, SlateRows, next_page


def still_allowed(candidates: Candidates, query: Query, recipe: Recipe) -> Mask:
    """[n], what the lasting filters let pass now."""
    return drop(candidates, query, recipe.lasting_filters) == 0


def choose_page(  # noqa: PLR0913 - the last two are for pages in the making
    session: RankedSession,
    candidates: Candidates,
    query: Query,
    recipe: Recipe,
    size: int,
    *,
    alive: Mask | None = None,
    on_page: Sequence[int] = (),
) -> Slate:
    """Rows of the session that fill its next page of ``size``; appends them to ``session.order``.

    ``candidates`` are the session's posts as they are now, row by row; one that is gone stands as
    a row that is not recommendable. ``alive`` is ``still_allowed`` where that is known;
    ``on_page`` are the last rows of the order that stand on the page already.
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
    there: list[int] = place_of[list(on_page)].tolist()
    slate = next_page(rows, served, size, recipe.rules, shares, on_page=there)
    page: list[int] = order[slate.rows].tolist()
    session.order += page
    return Slate(page, slate.relaxed)


class PageAsked(NamedTuple):
    """A page of ``size`` at an ``offset`` of the order.

    ``new`` where the session was ranked for it, so that all filters have just been applied.
    """

    offset: int
    size: int
    new: bool


class PageOfOrder(NamedTuple):
    """``places`` of the session's order; ``alive`` [n] marks the rows that may be shown now.

    ``relaxed`` is that of the slate that was chosen for the page.
    """

    places: list[int]
    alive: Mask
    relaxed: bool


def page_at(
    session: RankedSession, candidates: Candidates, query: Query, recipe: Recipe, asked: PageAsked
) -> PageOfOrder:
    """What was served there and is still allowed, filled up; lengthens ``session.order``."""
    if asked.new:
        alive = np.ones(len(candidates), dtype=np.bool_)
    else:
        alive = still_allowed(candidates, query, recipe)
    choose = partial(choose_page, session, candidates, query, recipe, alive=alive)
    offset, size, start = asked.offset, asked.size, len(session.order)
    if offset > start:  # the last write of the session was lost
        choose(offset - start)
        start = len(session.order)
    places = [place for place in range(offset, start) if alive[session.order[place]]][:size]
    if len(places) == size:
        return PageOfOrder(places, alive, relaxed=False)
    slate = choose(size, on_page=[session.order[place] for place in places])
    places += range(start, len(session.order))
    return PageOfOrder(places, alive, slate.relaxed)


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
