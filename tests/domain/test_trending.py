"""Decay: the order of pool scores is that of the sums at every later time; youth is corrected."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.trending import (
    HALF_LIFE,
    Window,
    current_score,
    current_scores,
    decayed,
    history_share,
    pool_score,
    trend_rates,
)

NOW = 1_800_000_000.0
DAY = 86_400.0

windows = st.sampled_from(list(Window))
sums = st.tuples(st.floats(0.01, 1e6), st.floats(0.0, 20 * DAY))


@given(windows, sums, st.floats(0.0, 30 * DAY))
def test_a_pool_score_means_the_decayed_sum_at_every_later_time(
    window: Window, state: tuple[float, float], later: float
) -> None:
    value, age = state
    half_life = HALF_LIFE[window]
    score = pool_score(value, NOW - age, half_life)
    truth = decayed(value, later + age, half_life)
    assert current_score(score, NOW + later, half_life) == pytest.approx(truth, rel=1e-6)
    column = current_scores(np.array([score]), NOW + later, half_life)
    assert column.tolist() == pytest.approx([truth], rel=1e-6)


@given(windows, sums, sums, st.floats(0.0, 30 * DAY))
def test_the_order_never_changes_while_nothing_happens(
    window: Window, one: tuple[float, float], other: tuple[float, float], later: float
) -> None:
    half_life = HALF_LIFE[window]
    scores = [pool_score(value, NOW - age, half_life) for value, age in (one, other)]
    truths = [decayed(value, age + later, half_life) for value, age in (one, other)]
    if scores[0] > scores[1] + 1e-6:
        assert truths[0] >= truths[1]


def test_decay_and_its_reverse_by_hand() -> None:
    assert decayed(8.0, 3_600.0, 1_800.0) == 2.0
    assert decayed(2.0, -3_600.0, 1_800.0) == 8.0


@given(windows, st.floats(-DAY, 400 * DAY), st.floats(0.0, 400 * DAY))
def test_the_older_a_post_the_more_of_its_history_it_has_had(
    window: Window, age: float, more: float
) -> None:
    young, old = history_share(np.array([age, age + more]), HALF_LIFE[window]).tolist()
    assert 0.0 < young <= old <= 1.0


def test_one_like_at_birth_does_not_win_everything() -> None:
    half_life = HALF_LIFE[Window.HOUR]
    steady = 20.0 * half_life / 3_600.0 / np.log(2.0)  # 20 likes an hour for ever
    rates = trend_rates(np.array([1.0, steady]), np.array([0.0, 30 * DAY]), Window.HOUR)
    assert rates[0] == pytest.approx(1.0 / (1.0 - 2.0 ** (-1.0 / 3.0)))
    assert rates[0] < rates[1]
