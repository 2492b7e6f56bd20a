"""Neighbors by people: shared by two at least, never oneself, strongest first."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ranking.cooccurrence import find_neighbors, similar_items
from domain.ranking.invalid_recipe import InvalidRecipe

Pairs = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("uvwxyz")), unique=True)


def test_two_people_make_posts_similar_and_one_does_not() -> None:
    pairs = [("ann", "x"), ("ann", "y"), ("bob", "x"), ("bob", "y"), ("bob", "z")]
    # Shares: 1/2 of ann's vote, 1/3 of bob's; each post has 5/6.
    assert similar_items(pairs) == {"x": {"y": 1.0}, "y": {"x": 1.0}}


def test_what_is_popular_leads_less_to_others() -> None:
    pairs = [(who, "hit") for who in "abcdefgh"]
    pairs += [(who, post) for who in "ab" for post in ("left", "right")]
    found = similar_items(pairs)
    assert found["left"]["right"] > found["hit"]["right"]


def test_nothing_leads_nowhere() -> None:
    assert similar_items([]) == {}


@given(Pairs)
def test_lists_hold_others_only_best_first(pairs: list[tuple[str, str]]) -> None:
    for item, members in similar_items(pairs).items():
        assert item not in members
        strengths = list(members.values())
        assert strengths == sorted(strengths, reverse=True)
        assert strengths[-1] > 0.0
        for other in members:
            together = {p for p, i in pairs if i == item} & {p for p, i in pairs if i == other}
            assert len(together) >= 2


@pytest.mark.parametrize("wrong", [{"damping": 1.5}, {"damping": -0.1}, {"keep": 0}])
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    nobody = np.zeros(0, dtype=np.int64)
    with pytest.raises(InvalidRecipe):
        find_neighbors(nobody, nobody, 0, **wrong)  # pyright: ignore[reportArgumentType] - wrong on purpose
