"""Sessions: no repeats, nothing skipped, exact accounts, and the viewer's word at once."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.feed import CandidateSource
from domain.ranking.explanation import explain
from domain.ranking.paging import choose_page
from domain.ranking.pipeline import Ranking, rank
from domain.ranking.query import Query
from domain.ranking.recipe import Recipe
from domain.ranking.recipes import CATEGORY, EXPLORE, RELATED, SEARCH, TRENDING
from domain.ranking.session import (
    RankedSession,
    decode_session,
    encode_session,
    open_session,
    session_rows,
)
from domain.ranking.taste import Taste
from tests.domain.ranking.factories import (
    NOW,
    changed,
    codes,
    fan_taste,
    make_candidates,
    make_taste,
)

COLD = (
    CandidateSource.TRENDING,
    CandidateSource.REGIONAL,
    CandidateSource.CATEGORY,
    CandidateSource.SERENDIPITY,
)


def opened(ranking: Ranking) -> RankedSession:
    places = session_rows(ranking)
    posts = [f"p{row}" for row in ranking.order[places].tolist()]
    return open_session(ranking, places, posts, viewer="v1")


def stored(session: RankedSession) -> RankedSession:
    again = decode_session(encode_session(session))
    assert again is not None
    assert again == session
    return again


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32), st.integers(0, 150), st.integers(1, 30), st.integers(0, 80))
def test_pages_show_every_kept_row_once_and_explain_it_to_the_last_bit(
    seed: int, rows: int, size: int, interactions: int
) -> None:
    candidates = make_candidates(seed, rows)
    taste = fan_taste(seed, interactions)
    ranking = rank(candidates, taste, EXPLORE, now=NOW, seed=seed)
    session = opened(ranking)
    kept = ranking.order[session_rows(ranking)]
    mine = candidates.take(kept)
    shown: list[int] = []
    while page := choose_page(session, mine, Query(taste, NOW), EXPLORE, size).rows:
        assert len(page) == min(size, len(kept) - len(shown))
        shown += page
        session = stored(session)
    assert sorted(shown) == list(range(len(kept)))
    assert session.order == shown
    for place, row in enumerate(shown):
        account = explain(session, row, place)
        total = 0.0
        for term in account.terms:
            assert term.contribution == term.value * term.weight
            total += term.contribution
        for adjustment in account.adjustments:
            total *= adjustment.factor
        assert total == account.total == ranking.total[kept[row]]
        assert account.rank_by_score == ranking.order.tolist().index(kept[row])
        assert account.rank_after_diversity == place
        assert account.recipe == EXPLORE.version


def cold_session() -> tuple[RankedSession, Ranking, Taste]:
    candidates = make_candidates(2, 400, authors=400, sources=COLD)
    taste = make_taste()
    ranking = rank(candidates, taste, EXPLORE, now=NOW)
    return opened(ranking), ranking, taste


def test_a_session_keeps_300_rows_with_enough_of_each_share() -> None:
    session, ranking, _ = cold_session()
    assert len(session.posts) == 300
    labels = session.source_codes()
    for source, least in zip(
        (CandidateSource.CATEGORY, CandidateSource.REGIONAL, CandidateSource.TRENDING),
        (120, 90, 60),
        strict=True,
    ):
        found = int(np.count_nonzero(ranking.source[ranking.order] == source))
        assert np.count_nonzero(labels == source) >= min(found, least)
    places = session_rows(ranking)
    assert (np.diff(places) > 0).all()


def test_a_list_of_one_source_keeps_its_best_300() -> None:
    candidates = make_candidates(2, 400, authors=400)
    for recipe in (CATEGORY, SEARCH, RELATED):
        ranking = rank(candidates, make_taste(), recipe, now=NOW)
        assert len(ranking.order) > 300
        assert session_rows(ranking).tolist() == list(range(300))


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32), st.sampled_from([CATEGORY, EXPLORE, SEARCH, *TRENDING.values()]))
def test_a_session_is_full_whatever_the_shares(seed: int, recipe: Recipe) -> None:
    candidates = make_candidates(seed, 120)
    ranking = rank(candidates, make_taste(), recipe, now=NOW, seed=seed)
    for limit in (1, 7, 60, len(ranking.order)):
        places = session_rows(ranking, limit)
        assert len(places) == min(limit, len(ranking.order))
        assert (np.diff(places) > 0).all()


def test_cold_pages_hold_the_proportions() -> None:
    candidates = make_candidates(2, 400, authors=400)
    bits = np.array([1 << COLD[row % 4] for row in range(400)], dtype=np.uint32)
    candidates = changed(candidates, sources=bits)
    taste = make_taste()
    ranking = rank(candidates, taste, EXPLORE, now=NOW)
    session = opened(ranking)
    mine = candidates.take(ranking.order[session_rows(ranking)])
    for _ in range(3):
        page = choose_page(session, mine, Query(taste, NOW), EXPLORE, 20).rows
        sources = [session.source(row) for row in page]
        wanted = dict(
            zip(("CATEGORY", "REGIONAL", "TRENDING", "SERENDIPITY"), (8, 6, 4, 2), strict=True)
        )
        assert {name: sources.count(CandidateSource[name]) for name in wanted} == wanted


def test_what_is_withdrawn_or_blocked_meanwhile_is_not_on_later_pages() -> None:
    session, ranking, taste = cold_session()
    mine = make_candidates(2, 400, authors=400, sources=COLD).take(
        ranking.order[session_rows(ranking)]
    )
    first = choose_page(session, mine, Query(taste, NOW), EXPLORE, 20).rows
    rest = [row for row in range(300) if row not in first]
    gone, blocked = rest[0], int(mine.author[rest[1]])
    recommendable = mine.recommendable.copy()
    recommendable[gone] = False
    now = changed(mine, recommendable=recommendable)
    cautious = make_taste(blocked=codes(blocked))
    shown: list[int] = []
    while page := choose_page(session, now, Query(cautious, NOW), EXPLORE, 50).rows:
        shown += page
    assert gone not in shown
    assert blocked not in mine.author[shown].tolist()
    allowed = [row for row in rest if row != gone and mine.author[row] != blocked]
    assert sorted(shown) == allowed


def test_asking_for_less_of_a_topic_sinks_it_at_once_and_shows_in_the_account() -> None:
    session, ranking, taste = cold_session()
    kept = ranking.order[session_rows(ranking)]
    mine = make_candidates(2, 400, authors=400, sources=COLD).take(kept)
    first = choose_page(session, mine, Query(taste, NOW), EXPLORE, 20).rows
    before = [explain(session, row, 0) for row in first]
    topic = int(mine.category[first[0]])
    topics = np.zeros(9)
    topics[topic] = -0.5
    second = choose_page(session, mine, Query(make_taste(topics=topics), NOW), EXPLORE, 20).rows
    assert topic not in mine.category[second].tolist()
    assert [explain(session, row, 0) for row in first] == before  # exactly as they were ranked
    disliked = next(row for row in range(300) if mine.category[row] == topic and row not in first)
    stages = [adjustment.stage for adjustment in explain(session, disliked, 0).adjustments]
    assert "less_of_this" in stages


def test_sessions_of_another_form_are_none() -> None:
    assert decode_session(b"") is None
    assert decode_session(b"\x93\x01\x02\x03") is None
    session, _, _ = cold_session()
    assert decode_session(encode_session(session)[:-1]) is None
