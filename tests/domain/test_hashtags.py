"""Hashtags trend by surprise, not by size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.hashtags import burst, expected_people, lift


def test_the_usual_rate_is_a_mean_that_looks_at_the_latest_windows_most() -> None:
    assert expected_people([]) == 0.0
    assert expected_people([4.0] * 9) == pytest.approx(4.0)
    assert expected_people([8.0, 0.0]) > 4.0 > expected_people([0.0, 8.0])


def test_lift_is_one_as_usual_and_modest_for_small_counts() -> None:
    assert lift(10, 10.0) == 1.0
    assert lift(3, 0.0) == 2.5
    assert lift(300, 100.0) > lift(3, 1.0)


def test_a_steady_large_tag_does_not_burst_and_few_people_do_not_either() -> None:
    assert burst(1_000, 1_000.0) == 0.0
    assert burst(2, 0.0) == 0.0
    assert burst(10, 2.0) > burst(1_000, 990.0) > 0.0


@given(st.integers(0, 10_000), st.floats(0.0, 10_000.0))
def test_more_people_never_lower_lift_or_burst(people: int, expected: float) -> None:
    assert lift(people + 1, expected) > lift(people, expected)
    assert burst(people + 1, expected) >= burst(people, expected)
