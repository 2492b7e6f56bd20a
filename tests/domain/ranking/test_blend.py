"""Slots follow the shares exactly; personal sources blend in and lead."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.feed import CandidateSource as Source
from domain.ranking.blend import Blend, Share, label, order_of, share_index, slots
from domain.ranking.invalid_recipe import InvalidRecipe
from domain.ranking.recipes import FOR_YOU, REGIONAL_FIRST


def counts(blend: Blend, interactions: int, start: int, stop: int) -> list[int]:
    shares = blend.effective(interactions)
    found = Counter(slots(shares, start, stop))
    return [found[index] for index, share in enumerate(shares) if share.weight > 0.0]


@pytest.mark.parametrize("interactions", [0, 4])
@pytest.mark.parametrize("start", [0, 20, 40, 10])
def test_a_cold_page_of_twenty_is_8_6_4_2(interactions: int, start: int) -> None:
    shares = FOR_YOU.effective(interactions)
    assert [share.sources for share in shares[:5]] == [
        (Source.CATEGORY,),
        (Source.REGIONAL,),
        (Source.TRENDING,),
        (Source.EDITORIAL, Source.SERENDIPITY),
        (Source.FRESH,),
    ]
    assert counts(FOR_YOU, interactions, start, start + 20) == [8, 6, 4, 1, 1]


def test_regional_trending_is_60_to_40_in_every_five() -> None:
    for start in range(0, 50, 5):
        assert counts(REGIONAL_FIRST, 0, start, start + 5) == [3, 2]


def test_personal_sources_blend_in_from_5_and_lead_from_50() -> None:
    def personal(interactions: int) -> float:
        shares = FOR_YOU.effective(interactions)
        assert sum(share.weight for share in shares) == pytest.approx(1.0)
        return sum(share.weight for share in shares if share.personal)

    assert personal(4) == 0.0
    assert 0.25 < personal(5) < 0.4
    assert personal(50) > 0.5
    assert personal(100_000) < 0.75
    different = [share for share in FOR_YOU.effective(1_000) if share.constant]
    assert [share.weight for share in different] == [0.05, 0.05]


@given(
    st.lists(st.floats(0.01, 1.0), min_size=1, max_size=6),
    st.integers(0, 200),
    st.integers(1, 50),
)
def test_slots_are_a_slice_of_one_sequence_and_never_far_from_the_shares(
    weights: list[float], start: int, size: int
) -> None:
    total = sum(weights)
    shares = [Share((source,), w / total) for source, w in zip(Source, weights, strict=False)]
    whole = slots(shares, 0, start + size)
    assert slots(shares, start, start + size) == whole[start:]
    assert len(whole) == start + size
    for index, share in enumerate(shares):
        assert abs(whole.count(index) - share.weight * len(whole)) <= len(shares)


def test_labels_follow_the_order_then_the_code() -> None:
    bits = np.array([0b110, 0b1010, 1 << Source.STATIC, 0], dtype=np.uint32)
    labels = label(bits, (Source.CO_ENGAGED, Source.CREATOR_AFFINITY, Source.PERSONALIZED))
    assert labels.tolist() == [
        Source.PERSONALIZED,
        Source.CREATOR_AFFINITY,
        Source.STATIC,
        -1,
    ]
    shares = (Share((Source.PERSONALIZED,), 0.5), Share((Source.CREATOR_AFFINITY,), 0.5))
    assert share_index(labels, shares).tolist() == [0, 1, 2, 2]
    assert order_of(shares) == (Source.PERSONALIZED, Source.CREATOR_AFFINITY)


@pytest.mark.parametrize(
    ("shares", "most_personal"),
    [
        ((Share((Source.FRESH,), 0.9),), 0.0),
        ((Share((Source.FRESH,), 1.5), Share((Source.STATIC,), -0.5)), 0.0),
        ((Share((Source.FRESH,), 0.5), Share((Source.FRESH,), 0.5)), 0.0),
        ((Share((Source.FRESH,), 1.0, constant=True),), 0.5),
        ((Share((Source.FRESH,), math.nan),), 0.0),
        ((Share((Source.FRESH,), 1.0),), math.nan),
    ],
)
def test_blends_check_themselves(shares: tuple[Share, ...], most_personal: float) -> None:
    with pytest.raises(InvalidRecipe):
        Blend(shares, most_personal)
