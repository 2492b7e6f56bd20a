"""Laws of a ranking: nothing is lost, the order is total, the account is exact."""

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import seen, served
from domain.feed import CandidateSource
from domain.ranking.masks import DropReason
from domain.ranking.pipeline import Ranking, rank
from domain.ranking.query import Excluded
from domain.ranking.recipe import Recipe
from domain.ranking.recipes import BASELINE, CATEGORY, EXPLORE, RELATED, SEARCH, TRENDING
from domain.ranking.score import add_up
from domain.trending import Window
from tests.domain.ranking.factories import (
    DAY,
    NOW,
    changed,
    codes,
    fan_taste,
    keys,
    make_candidates,
    make_taste,
    with_columns,
)

RECIPES = (EXPLORE, CATEGORY, SEARCH, RELATED, BASELINE, TRENDING[Window.HOUR])
seeds = st.integers(0, 2**32)


@settings(deadline=None, max_examples=40)
@given(seeds, st.integers(0, 120), st.sampled_from(RECIPES))
def test_every_row_is_in_the_order_or_has_a_reason(seed: int, rows: int, recipe: Recipe) -> None:
    ranking = rank(make_candidates(seed, rows), fan_taste(seed), recipe, now=NOW)
    assert sorted(ranking.order.tolist()) == np.flatnonzero(ranking.dropped == 0).tolist()
    assert all(DropReason(code) for code in ranking.dropped[ranking.dropped != 0].tolist())


@settings(deadline=None, max_examples=40)
@given(seeds, st.sampled_from(RECIPES))
def test_the_order_is_total_and_falls(seed: int, recipe: Recipe) -> None:
    candidates = make_candidates(seed, 80)
    tied = with_columns(candidates, {name: np.zeros(80) for name in candidates.columns})
    ranking = rank(tied, make_taste(), recipe, now=NOW)
    best_first = [(-ranking.total[row], tied.key[row]) for row in ranking.order.tolist()]
    assert all(one < other for one, other in pairwise(best_first))


@settings(deadline=None, max_examples=30)
@given(seeds, st.sampled_from(RECIPES))
def test_the_order_of_the_input_does_not_matter(seed: int, recipe: Recipe) -> None:
    candidates = make_candidates(seed, 90)
    shuffled = candidates.take(np.array(random.Random(seed).sample(range(90), 90)))
    one, other = (rank(c, fan_taste(seed), recipe, now=NOW) for c in (candidates, shuffled))
    assert candidates.key[one.order].tolist() == shuffled.key[other.order].tolist()
    assert one.total[one.order].tolist() == other.total[other.order].tolist()


@settings(deadline=None, max_examples=40)
@given(seeds, st.sampled_from(RECIPES))
def test_the_account_adds_up_to_the_last_bit(seed: int, recipe: Recipe) -> None:
    ranking = rank(make_candidates(seed, 60), fan_taste(seed), recipe, now=NOW)
    for row in range(60):
        total = 0.0
        for term in ranking.terms:
            total += float(term.values[row]) * term.weight
        for factor in ranking.factors:
            total *= float(factor.values[row])
        assert total == ranking.total[row]


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({"recommendable": [False]}, DropReason.NOT_RECOMMENDABLE),
        ({"sensitive": [True]}, DropReason.SENSITIVE),
        ({"created_at": [NOW + 301.0]}, DropReason.FROM_THE_FUTURE),
    ],
)
def test_what_a_row_says_of_itself_leaves_it_out(part: dict[str, object], reason: int) -> None:
    row = changed(make_candidates(1, 1), **{name: np.array(v) for name, v in part.items()})
    assert rank(row, make_taste(), EXPLORE, now=NOW).dropped.tolist() == [reason]


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({"blocked": codes(7)}, DropReason.BLOCKED),
        ({"muted_creators": codes(7)}, DropReason.MUTED_CREATOR),
        ({"hidden_creators": codes(7)}, DropReason.HIDDEN_CREATOR),
        ({"muted_hashtags": codes(5)}, DropReason.MUTED_HASHTAG),
        ({"hidden_posts": keys(42)}, DropReason.HIDDEN),
        ({"liked_posts": keys(42)}, DropReason.SEEN),
        ({"own": 7}, DropReason.OWN),
        ({"languages": codes(1)}, DropReason.LANGUAGE),
        ({"muted_topics": np.eye(9, dtype=np.bool_)[3]}, DropReason.MUTED_TOPIC),
    ],
)
def test_what_the_viewer_said_leaves_a_row_out(part: dict[str, object], reason: int) -> None:
    row = changed(
        make_candidates(1, 1),
        author=codes(7),
        key=keys(42),
        hashtags=np.array([[9, 5, -1, -1, -1, -1]], dtype=np.int32),
        language=codes(2),
        categories=np.array([[1, 3, -1]], dtype=np.int32),
    )
    assert rank(row, make_taste(), EXPLORE, now=NOW).dropped.tolist() == [0]
    assert rank(row, make_taste(**part), EXPLORE, now=NOW).dropped.tolist() == [reason]


def test_opted_in_viewers_see_sensitive_posts_and_unknown_languages_stay() -> None:
    row = changed(make_candidates(1, 1), sensitive=np.array([True]), language=codes(-1))
    taste = make_taste(show_sensitive=True, languages=codes(1))
    assert rank(row, taste, EXPLORE, now=NOW).dropped.tolist() == [0]


def test_seen_posts_words_and_the_session_are_left_out() -> None:
    candidates = changed(
        make_candidates(1, 4),
        key=np.arange(4),
        digest=np.array([seen.digest_words(f"p{row}") for row in range(4)], dtype=np.uint16),
    )
    excluded = Excluded(
        seen=seen.add(b"", ["p0"], NOW - 6 * DAY),
        viewed=keys(1),
        in_session=keys(2),
        muted_words=np.array([False, False, False, True]),
    )
    ranking = rank(candidates, make_taste(), EXPLORE, now=NOW, excluded=excluded)
    assert ranking.dropped.tolist() == [
        DropReason.SEEN,
        DropReason.SEEN,
        DropReason.IN_SESSION,
        DropReason.MUTED_WORD,
    ]


def test_posts_served_minutes_ago_come_last_and_oldest_first() -> None:
    candidates = changed(make_candidates(1, 5), key=np.arange(5))
    packed = served.add(b"", np.array([3]), NOW - 500.0)
    packed = served.add(packed, np.array([1]), NOW - 90.0)
    excluded = Excluded(served=packed)
    ranking = rank(candidates, make_taste(), EXPLORE, now=NOW, excluded=excluded)
    assert ranking.fresh == 3
    assert ranking.order[3:].tolist() == [3, 1]
    over = rank(candidates, make_taste(), EXPLORE, now=NOW + 600.0, excluded=excluded)
    assert over.fresh == 5


@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
def test_broken_rows_sink_to_the_bottom_with_a_finite_score(broken: float) -> None:
    candidates = make_candidates(3, 30)
    likes = candidates.columns["likes"].copy()
    likes[11] = broken
    ranking = rank(with_columns(candidates, {"likes": likes}), make_taste(), EXPLORE, now=NOW)
    assert np.isfinite(ranking.total).all()
    if broken != -np.inf:  # less than nothing is nothing
        assert ranking.order[-1] == 11


def test_a_penalty_lowers_negative_scores_too() -> None:
    candidates = changed(make_candidates(4, 2), author=codes(1, 1), quality=np.zeros(2))
    nothing = {name: np.zeros(2) for name in candidates.columns}
    candidates = with_columns(changed(candidates, created_at=np.full(2, NOW - 400 * DAY)), nothing)
    taste = make_taste(creators=codes(1), creator_weights=np.array([-0.8]))
    ranking = rank(candidates, taste, EXPLORE, now=NOW)
    before = add_up(ranking.terms, (), 2)
    assert (before < 0.0).all()
    assert (ranking.total < before).all()


def test_an_empty_batch_ranks_to_nothing() -> None:
    ranking = rank(make_candidates(1, 0), make_taste(), EXPLORE, now=NOW)
    assert isinstance(ranking, Ranking)
    assert ranking.order.tolist() == []


def test_a_source_is_the_first_in_the_recipes_order_that_found_the_post() -> None:
    both = (1 << CandidateSource.TRENDING) | (1 << CandidateSource.CATEGORY)
    learned = both | (1 << CandidateSource.PERSONALIZED)
    candidates = changed(make_candidates(1, 2), sources=np.array([both, learned], np.uint32))
    cold = rank(candidates, make_taste(), EXPLORE, now=NOW)
    assert cold.source.tolist() == [CandidateSource.CATEGORY] * 2
    warm = rank(candidates, make_taste(interactions=5), EXPLORE, now=NOW)
    assert warm.source.tolist() == [CandidateSource.CATEGORY, CandidateSource.PERSONALIZED]


def test_without_events_lists_age_by_the_recipes_own_score() -> None:
    candidates = make_candidates(5, 40)
    recipe = TRENDING[Window.DAY]
    for hours in (0, 3, 30):
        later = NOW + hours * 3_600.0
        faded = candidates.columns["trend"] * 2.0 ** (-hours * 3_600.0 / 21_600.0)
        now = with_columns(candidates, {"trend": faded})
        ranking = rank(now, make_taste(), recipe, now=later)
        rates = faded / (1.0 - 2.0 ** (-(later - now.created_at + 600.0) / 21_600.0))
        expected = sorted(range(40), key=lambda row: (-rates[row], now.key[row]))
        assert ranking.order.tolist() == expected


def test_the_version_of_a_recipe_tells_any_change() -> None:
    assert EXPLORE.version == replace(EXPLORE).version
    assert EXPLORE.version.startswith("explore@")
    assert replace(EXPLORE, rules=CATEGORY.rules).version != EXPLORE.version
