"""One order of rows, whatever order they come in."""

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from domain.ranking.order import best_first

TOTALS = st.lists(st.sampled_from([-1.0, -0.0, 0.0, 0.25, 0.5, 3.0]), max_size=60)


@given(TOTALS, st.randoms(use_true_random=False))
def test_equal_totals_go_by_key(totals: list[float], random: Random) -> None:
    keys = list(range(-30, len(totals) - 30))
    random.shuffle(keys)
    order = best_first(np.array(totals), np.array(keys, dtype=np.int64)).tolist()
    assert order == sorted(range(len(totals)), key=lambda row: (-totals[row], keys[row]))
