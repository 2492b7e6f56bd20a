"""Where a post would stand if its viewer opened the feed now: ranked, kept, put on a page."""

from typing import Final

import numpy as np

from domain import served
from domain.ranking.candidates import Candidates
from domain.ranking.paging import PageAsked, page_at
from domain.ranking.pipeline import Ranking, rank
from domain.ranking.query import Query
from domain.ranking.recipes import EXPLORE
from domain.ranking.session import open_session, session_rows
from services.different import told_to
from services.explore_columns import explore_columns
from services.gathering import Further, gather
from services.pool_cache import PoolCache
from services.sources import explore_draws
from services.viewpoint import Viewpoint
from services.views import WhyNotCheck

PAGE: Final = 20
LATELY: Final = "Served within ten minutes: it comes back when nothing else is left"
SEED: Final = 0  # of what exploration draws; every session has another one


def standing_of(cache: PoolCache, viewpoint: Viewpoint, row: int) -> tuple[WhyNotCheck, ...]:
    """The stages ``served``, ``ranked`` and ``slate`` for a row of the table."""
    table, context = cache.catalog.table, viewpoint.context
    key = table.columns.key[[row]]
    lately = served.age_order(context.started.served, key, context.now)[0] >= 0
    candidates = _candidates(cache, viewpoint)
    ranking = rank(
        candidates,
        viewpoint.taste(table),
        EXPLORE,
        now=context.now,
        seed=SEED,
        excluded=viewpoint.excluded(table, candidates.row, served=context.started.served),
    )
    places = np.flatnonzero(candidates.row[ranking.order] == row)
    return (
        WhyNotCheck("served", not lately, LATELY if lately else "Not served within ten minutes"),
        *_ranked(candidates, ranking, int(places[0]) if len(places) else None),
    )


def _candidates(cache: PoolCache, viewpoint: Viewpoint) -> Candidates:
    """As the feed gathers them."""
    table, interests = cache.catalog.table, viewpoint.interests
    liked = viewpoint.latest_liked(table)
    further = Further(
        columns=lambda rows, seed: explore_columns(cache, liked, rows, seed),
        seed=SEED,
        told=lambda rows, bits: told_to(interests, table, rows, bits),
    )
    draws = explore_draws(interests, viewpoint.region, liked, now=viewpoint.context.now)
    return gather(cache, draws, viewpoint.context.now, further)


def _ranked(
    candidates: Candidates, ranking: Ranking, place: int | None
) -> tuple[WhyNotCheck, WhyNotCheck]:
    count, rows = len(ranking.order), session_rows(ranking)
    if place is None:
        return (
            WhyNotCheck("ranked", passed=False, detail=f"Not among the {count} that are ranked"),
            WhyNotCheck("slate", passed=False, detail="On no page"),
        )
    within = bool((rows == place).any())
    held = f"{'within' if within else 'outside'} the {len(rows)} that a session begins with"
    ranked = WhyNotCheck("ranked", within, f"Place {place + 1} of {count}, {held}")
    if not within:
        later = "On a page when a session has shown the others"
        return ranked, WhyNotCheck("slate", passed=False, detail=later)
    shown = _shown_at(candidates, ranking, int(np.flatnonzero(rows == place)[0]))
    detail = f"Place {shown + 1} by slots and quotas, on page {shown // PAGE + 1}"
    return ranked, WhyNotCheck("slate", passed=True, detail=detail)


def _shown_at(candidates: Candidates, ranking: Ranking, row: int) -> int:
    """The place at which pages of 20 show a row of the session; each shows 1 at least."""
    rows = session_rows(ranking)
    session = open_session(ranking, rows, [""] * len(rows))
    kept = candidates.take(ranking.order[rows])
    query = Query(ranking.query.taste, ranking.query.now, SEED)
    while row not in session.order:
        page_at(session, kept, query, EXPLORE, PageAsked(len(session.order), PAGE, new=True))
    return session.order.index(row)
