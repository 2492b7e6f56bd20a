"""Pages are full, keep their quotas while there is choice, and give way in a fixed order."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.feed import CandidateSource
from domain.ranking.blend import Share
from domain.ranking.invalid_recipe import InvalidRecipe
from domain.ranking.slate import SlateRows, SlateRules, next_page

RULES = SlateRules(per_author=2, category_share=0.4)
OTHERS = (CandidateSource.TRENDING, CandidateSource.REGIONAL)
HALVES = (Share(OTHERS[:1], 0.5), Share(OTHERS[1:], 0.5))


def rows(
    authors: Sequence[int],
    categories: Sequence[int] | None = None,
    *,
    shares: Sequence[int] | None = None,
    fresh: int | None = None,
    clusters: Sequence[float] | None = None,
) -> SlateRows:
    size = len(authors)
    return SlateRows(
        author=np.array(authors, dtype=np.int32),
        category=np.array(categories or range(size), dtype=np.int32),
        share=np.array(shares or [0] * size, dtype=np.int64),
        alive=np.ones(size, dtype=np.bool_),
        fresh=size if fresh is None else fresh,
        cluster=None if clusters is None else np.array(clusters),
    )


worlds = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 5), st.integers(0, 2)), max_size=60)


@settings(deadline=None, max_examples=150)
@given(worlds, st.integers(1, 25))
def test_pages_are_full_without_repeats_and_keep_rules_while_rows_remain_that_do(
    world: list[tuple[int, int, int]], size: int
) -> None:
    authors, categories, shares = ([row[i] for row in world] for i in range(3))
    blend = (Share(OTHERS[:1], 0.6), Share(OTHERS[1:], 0.4))
    there = rows(authors, categories, shares=shares) if world else rows([])
    page = next_page(there, [], size, RULES, blend).rows
    assert len(page) == len(set(page)) == min(size, len(world))
    rest = set(range(len(world))) - set(page)
    limit = math.ceil(0.4 * size)
    by_author = Counter(authors[row] for row in page)
    by_category = Counter(categories[row] for row in page)
    if max(by_author.values(), default=0) > 2:
        assert all(by_author[authors[row]] >= 2 for row in rest)
    if max(by_category.values(), default=0) > limit:
        assert all(
            by_category[categories[row]] >= limit or by_author[authors[row]] >= 2 for row in rest
        )


@settings(deadline=None, max_examples=60)
@given(worlds, st.integers(1, 7))
def test_pages_follow_each_other_without_repeats_until_all_is_shown(
    world: list[tuple[int, int, int]], size: int
) -> None:
    authors, categories, shares = ([row[i] for row in world] for i in range(3))
    there = rows(authors, categories, shares=shares) if world else rows([])
    served: list[int] = []
    while page := next_page(there, served, size, RULES, HALVES).rows:
        assert len(page) == min(size, len(world) - len(served))
        served += page
    assert sorted(served) == list(range(len(world)))


def test_a_page_of_one_category_or_of_one_author_is_full() -> None:
    one_category = rows(range(60), [0] * 60)
    assert next_page(one_category, [], 20, RULES, ()).rows == list(range(20))
    one_author = rows([7] * 60, range(60))
    assert next_page(one_author, [], 20, RULES, ()).rows == list(range(20))


def test_the_category_gives_way_before_the_author() -> None:
    # All of category 0: two posts of author 1, then one of each other author.
    there = rows([1, 1, 1, 2, 3, 4], [0, 0, 0, 0, 0, 0])
    assert next_page(there, [], 5, RULES, ()).rows == [0, 1, 3, 4, 5]
    assert next_page(there, [], 6, RULES, ()).rows == [0, 1, 2, 3, 4, 5]


def test_near_duplicates_wait_and_come_before_the_category_breaks_its_limit() -> None:
    there = rows([1, 2, 3, 4], [0, 1, 0, 0], clusters=[5.0, 5.0, math.nan, math.nan])
    assert next_page(there, [], 2, RULES, ()).rows == [0, 1]
    near = rows([1, 2, 3], clusters=[5.0, 5.0, math.nan])
    assert next_page(near, [], 2, RULES, ()).rows == [0, 2]


def test_unknown_authors_and_categories_are_not_one() -> None:
    assert next_page(rows([-1] * 9, [-1] * 9), [], 9, RULES, ()).rows == list(range(9))


def test_an_author_of_the_page_before_waits_while_the_source_has_others() -> None:
    rules = SlateRules(per_author=2, per_author_nearby=2)
    there = rows([1, 1, 1, 2, 3])
    assert next_page(there, [], 2, rules, ()).rows == [0, 1]
    assert next_page(there, [0, 1], 2, rules, ()).rows == [3, 4]
    assert next_page(there, [0, 1, 3, 4], 2, rules, ()).rows == [2]


def test_a_category_waits_while_a_varied_share_has_others() -> None:
    rules = SlateRules(category_share=0.5, varied_share=0.25)
    there = rows(range(12), categories=[0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 3, 4], shares=[0] * 12)
    varied, plain = (Share(OTHERS[:1], 1.0, varied=each) for each in (True, False))
    assert next_page(there, [], 8, rules, (varied,)).rows == [0, 1, 6, 7, 9, 10, 11, 2]
    assert next_page(there, [], 8, rules, (plain,)).rows == [0, 1, 2, 3, 6, 7, 8, 9]
    assert not next_page(there, [], 8, rules, (varied,)).relaxed


def test_an_author_of_the_page_before_waits_even_where_a_varied_share_has_one_category() -> None:
    rules = SlateRules(varied_share=0.2, per_author_nearby=3)
    authors = [7, 7, 7, 1, 2, 7, 8, 9, 10, 11, 12]
    there = rows(authors, categories=[1] * 11, shares=[0] * 11)
    varied = Share(OTHERS[:1], 1.0, varied=True)
    assert next_page(there, [0, 1, 2, 3, 4], 5, rules, (varied,)).rows == [6, 7, 8, 9, 10]


def test_shares_are_exact_and_interleaved() -> None:
    blend = (Share(OTHERS[:1], 0.6), Share(OTHERS[1:], 0.4))
    there = rows(range(40), shares=[0] * 20 + [1] * 20)
    page = next_page(there, [], 10, SlateRules(), blend).rows
    assert page == [0, 20, 1, 21, 2, 3, 22, 4, 23, 5]


def test_what_a_share_cannot_fill_goes_to_its_own_kind_first_then_to_the_rest() -> None:
    blend = (
        Share((CandidateSource.PERSONALIZED,), 0.25, personal=True),
        Share((CandidateSource.CATEGORY,), 0.25),
        Share((CandidateSource.REGIONAL,), 0.25),
        Share((CandidateSource.TRENDING,), 0.25),
    )
    shares = [0] * 20 + [2] * 3 + [3] * 20 + [4] * 20
    page = next_page(rows(range(63), shares=shares), [], 20, SlateRules(), blend).rows
    # CATEGORY is empty, REGIONAL has 3: both go to TRENDING before PERSONALIZED.
    assert Counter(shares[row] for row in page) == {0: 5, 2: 3, 3: 12}
    short = [0] * 7 + [3] * 4 + [4] * 20
    page = next_page(rows(range(31), shares=short), [], 20, SlateRules(), blend).rows
    assert Counter(short[row] for row in page) == {0: 7, 3: 4, 4: 9}


def test_quotas_outrank_shares() -> None:
    there = rows([1] * 10 + list(range(2, 12)), shares=[0] * 10 + [1] * 10)
    page = next_page(there, [], 8, RULES, HALVES).rows
    assert Counter(row < 10 for row in page) == {True: 2, False: 6}


def test_served_posts_return_only_when_all_else_is_shown_even_against_quotas() -> None:
    there = rows([1, 1, 1, 2, 3], fresh=3)
    assert next_page(there, [], 4, RULES, ()).rows == [0, 1, 2, 3]
    assert next_page(there, [0, 1, 2, 3], 4, RULES, ()).rows == [4]


def test_rows_that_are_gone_are_not_shown() -> None:
    there = rows([1, 2, 3])
    there.alive[1] = False
    assert next_page(there, [], 3, RULES, ()).rows == [0, 2]


@pytest.mark.parametrize(
    "wrong", [(0, None, None), (None, 0.0, None), (None, 2.0, None), (2, 0.4, 0)]
)
def test_rules_check_themselves(wrong: tuple[int | None, float | None, int | None]) -> None:
    with pytest.raises(InvalidRecipe):
        SlateRules(*wrong)


def test_what_stands_on_the_page_already_counts_for_its_rules() -> None:
    there = rows([1, 1, 2, 1, 3, 4, 5], [0, 1, 2, 3, 0, 0, 4])
    assert next_page(there, [0, 1], 5, RULES, (), on_page=[0, 1]) == ([2, 4, 6], False)
    assert next_page(there, [0, 1], 3, RULES, ()) == ([2, 3, 4], False)


def test_a_slate_tells_whether_rules_gave_way() -> None:
    assert not next_page(rows([1, 1, 2]), [], 3, RULES, ()).relaxed
    assert next_page(rows([1, 1, 1]), [], 3, RULES, ()).relaxed
    assert next_page(rows([1, 2]), [], 3, RULES, ()).relaxed
