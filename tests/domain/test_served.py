"""The served filter: ten minutes, five hundred posts, oldest first."""

import numpy as np

from domain import served

NOW = 1_800_000_000.0


def test_served_posts_are_known_for_ten_minutes_in_their_order() -> None:
    packed = served.add(b"", np.array([5, 6]), NOW)
    packed = served.add(packed, np.array([7]), NOW + 300.0)
    keys = np.array([7, 5, 9, 6])
    assert served.age_order(packed, keys, NOW + 599.0).tolist() == [2, 0, -1, 1]
    assert served.age_order(packed, keys, NOW + 600.0).tolist() == [0, -1, -1, -1]
    assert served.age_order(packed, keys, NOW + 900.0).tolist() == [-1] * 4


def test_a_post_served_again_counts_from_then() -> None:
    packed = served.add(b"", np.array([1, 2]), NOW)
    packed = served.add(packed, np.array([1]), NOW + 10.0)
    assert served.age_order(packed, np.array([1, 2]), NOW + 20.0).tolist() == [1, 0]
    assert len(packed) == 2 * 12


def test_it_holds_at_most_500_and_forgets_the_oldest() -> None:
    packed = b""
    for page in range(30):
        packed = served.add(packed, np.arange(page * 20, page * 20 + 20), NOW + page)
    assert len(packed) == 500 * 12
    order = served.age_order(packed, np.array([99, 100, 599]), NOW + 30.0)
    assert order.tolist() == [-1, 0, 499]


def test_all_that_was_served_within_an_hour_is_kept() -> None:
    packed = served.add(b"", np.array([6, 5]), NOW)
    packed = served.add(packed, np.array([3]), NOW + 3_000.0)
    assert served.all_keys(packed, NOW + 3_599.0).tolist() == [3, 5, 6]
    assert served.all_keys(packed, NOW + 3_600.0).tolist() == [3]
    assert len(served.add(packed, np.array([4]), NOW + 3_600.0)) == 2 * 12


def test_nothing_is_no_error() -> None:
    assert served.age_order(b"", np.array([1]), NOW).tolist() == [-1]
    assert served.age_order(b"torn", np.array([1]), NOW).tolist() == [-1]
    assert served.age_order(served.add(b"", np.array([1]), NOW), np.array([], int), NOW).size == 0
