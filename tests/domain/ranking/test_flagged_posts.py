"""What the policy flags is at most a part of a page, filled up from what it does not."""

import numpy as np
import pytest

from domain.ranking.blend import Share
from domain.ranking.candidates import Floats
from domain.ranking.invalid_recipe import InvalidRecipe
from domain.ranking.paging import choose_page
from domain.ranking.pipeline import rank
from domain.ranking.recipes import EXPLORE, TRENDING
from domain.ranking.session import open_session, session_rows
from domain.ranking.slate import SlateRows, SlateRules, next_page
from domain.trending import Window
from tests.domain.ranking.factories import NOW, fan_taste, make_candidates, with_columns

RULES = SlateRules(flagged_share=0.3)
NO_SHARES: list[Share] = []


def rows(count: int, flagged: set[int], *, authors: int = 1_000) -> SlateRows:
    return SlateRows(
        author=np.arange(count, dtype=np.int32) % authors,
        category=np.full(count, -1, dtype=np.int32),
        share=np.zeros(count, dtype=np.int64),
        alive=np.ones(count, dtype=np.bool_),
        fresh=count,
        flagged=np.array([row in flagged for row in range(count)]),
    )


def test_a_page_of_flagged_posts_is_refilled_from_the_safe_ones() -> None:
    page = next_page(rows(30, set(range(10))), [], 10, RULES, NO_SHARES).rows
    assert page == [0, 1, 2, 10, 11, 12, 13, 14, 15, 16]
    following = next_page(rows(30, set(range(10))), page, 10, RULES, NO_SHARES).rows
    assert following == [3, 4, 5, 17, 18, 19, 20, 21, 22, 23]


def test_a_page_is_full_while_there_are_posts_at_all() -> None:
    assert next_page(rows(6, set(range(5))), [], 5, RULES, NO_SHARES).rows == [0, 1, 2, 3, 5]
    assert next_page(rows(4, {0, 1, 2, 3}), [], 4, RULES, NO_SHARES).rows == [0, 1, 2, 3]


def test_an_author_s_third_post_does_not_come_before_a_flagged_one() -> None:
    rules = SlateRules(per_author=2, flagged_share=0.0)
    mixed = rows(5, {4})
    mixed.author[:4] = 0
    assert next_page(mixed, [], 3, rules, NO_SHARES).rows == [0, 1, 4]


def test_the_share_lies_between_none_and_all() -> None:
    for share in (-0.1, 1.1):
        with pytest.raises(InvalidRecipe):
            SlateRules(flagged_share=share)


def test_pages_of_the_feed_hold_three_flagged_posts_of_ten_and_trends_are_as_they_are() -> None:
    candidates = make_candidates(5, 200)
    half: Floats = (np.arange(200) % 2).astype(np.float64)
    candidates = with_columns(candidates, {"flagged": half})
    for recipe, most in ((EXPLORE, 6), (TRENDING[Window.DAY], 20)):
        ranking = rank(candidates, fan_taste(3), recipe, now=NOW)
        places = session_rows(ranking)
        kept = candidates.take(ranking.order[places])
        session = open_session(ranking, places, [str(row) for row in kept.row])
        page = choose_page(session, kept, ranking.query, recipe, 20).rows
        assert len(page) == 20
        assert kept.columns["flagged"][page].sum() <= most
