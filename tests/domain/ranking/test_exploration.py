"""Exploration: repeatable, within a budget, unbiased by its propensities."""

import numpy as np
import pytest

from domain.identifiers import stable_key
from domain.ranking.adjusters.not_drawn import NotDrawn
from domain.ranking.exploration import BUDGET, Explored, explore
from domain.ranking.invalid_recipe import InvalidRecipe

POSTS = 60
KEYS = np.array([stable_key(f"p{number}") for number in range(POSTS)])
NOTHING = np.zeros(POSTS)


def draw(seed: int, *, engaged: np.ndarray = NOTHING, seen: np.ndarray = NOTHING) -> Explored:
    return explore(KEYS, engaged, seen, seed=seed, count=10)


def test_the_same_seed_draws_the_same_and_another_one_others() -> None:
    one = draw(7)
    assert one.chosen.sum() == 10
    assert (draw(7).chosen == one.chosen).all()
    assert (draw(8).chosen != one.chosen).any()
    order = np.arange(POSTS)[::-1].copy()
    again = explore(KEYS[order], NOTHING, NOTHING, seed=7, count=10)
    assert (again.chosen[order] == one.chosen).all()


def test_propensities_make_sums_unbiased() -> None:
    values = np.arange(POSTS, dtype=np.float64)
    seen = np.repeat([0.0, 5.0, 10.0], POSTS // 3)
    engaged = np.repeat([0.0, 0.0, 1.0], POSTS // 3)
    sums = [
        float((values[found.chosen] / found.propensity[found.chosen]).sum())
        for found in (draw(seed, engaged=engaged, seen=seen) for seed in range(3_000))
    ]
    assert np.mean(sums) == pytest.approx(values.sum(), rel=0.1)


def test_what_engages_is_drawn_more_often_and_what_does_not_less() -> None:
    seen = np.full(POSTS, 50.0)
    engaged = np.full(POSTS, 3.0)
    engaged[0], engaged[1] = 15.0, 0.0
    chosen = np.mean([draw(s, engaged=engaged, seen=seen).chosen for s in range(300)], axis=0)
    assert chosen[0] > 0.9
    assert chosen[1] < 0.05


def test_the_budget_ends_it_whoever_engaged() -> None:
    seen = np.full(POSTS, BUDGET)
    seen[:5] = BUDGET - 1.0
    found = draw(1, engaged=seen, seen=seen)
    assert found.chosen.tolist() == [number < 5 for number in range(POSTS)]
    assert found.propensity.tolist() == found.chosen.tolist()  # nothing was left to chance
    nobody = np.zeros(0)
    assert len(explore(nobody.astype(np.int64), nobody, nobody, seed=1, count=3).chosen) == 0


@pytest.mark.parametrize("factor", [0.0, 1.5])
def test_a_factor_out_of_range_is_refused(factor: float) -> None:
    with pytest.raises(InvalidRecipe):
        NotDrawn(factor)
