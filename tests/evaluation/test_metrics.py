"""Metrics by hand, and SAR's published digits where the file is at hand."""

from pathlib import Path

import numpy as np
import pytest

from evaluation.metrics import (
    Average,
    SingleTarget,
    discounts,
    ndcg,
    precision_of_top,
    top_k_metrics,
)
from evaluation.ml100k import found, judged, read_split, sar
from evaluation.references import ItemKnn, chance

ML_100K = found()


def test_ndcg_by_hand() -> None:
    gains = np.array([3.0, 0.0, 1.0, -5.0])
    best = 3.0 + 1.0 / np.log2(3.0)
    assert ndcg(gains, np.array([0, 2, 1, 3]), 10) == pytest.approx(1.0)
    order = np.array([3, 0, 1, 2])
    assert ndcg(gains, order, 10) == pytest.approx(
        (3.0 / np.log2(3.0) + 1.0 / np.log2(5.0)) / best
    )
    assert ndcg(gains, order, 1) == 0.0
    assert ndcg(np.array([0.0, -1.0]), np.array([0, 1]), 10) is None


def test_precision_of_the_top_by_hand() -> None:
    gains = np.array([9.0, 1.0, 8.0, 2.0])
    assert precision_of_top(gains, np.array([2, 1, 0, 3]), 2) == 0.5


def test_single_targets_by_hand() -> None:
    found = SingleTarget()
    for place in (0, 9, 10):
        found.add(place)
    assert found.result() == {
        "hr@10": pytest.approx(2 / 3),
        "ndcg@10": pytest.approx((1.0 + 1.0 / np.log2(11.0)) / 3),
        "mrr": pytest.approx((1.0 + 1 / 10 + 1 / 11) / 3),
    }


def test_top_k_metrics_by_hand_leave_out_people_without_an_answer() -> None:
    top = np.array([[0, 1, 2], [0, 1, 2]])
    relevant = np.array([[True, False, True, True], [False] * 4])
    assert top_k_metrics(top, relevant, 3) == {
        "map@3": pytest.approx((1.0 + 2 / 3) / 3),
        "ndcg@3": pytest.approx((1.0 + 0.5) / discounts(3).sum()),
        "precision@3": pytest.approx(2 / 3),
        "recall@3": pytest.approx(2 / 3),
    }


def test_means_leave_out_what_is_undefined() -> None:
    mean = Average()
    assert mean.result() == 0.0
    for value in (1.0, None, 0.0):
        mean.add(value)
    assert mean.result() == 0.5


def test_chance_is_fair_and_repeatable() -> None:
    draws = chance(np.arange(10_000), 7)
    assert (draws == chance(np.arange(10_000), 7)).all()
    assert abs(draws.mean() - 0.5) < 0.02
    assert abs(np.corrcoef(draws, chance(np.arange(10_000), 8))[0, 1]) < 0.05


def test_item_knn_by_hand() -> None:
    people, items = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 0, 1, 2])
    assert ItemKnn(people, items, 3, 2).score(np.array([0])).tolist() == pytest.approx([0, 1, 0])


@pytest.mark.skipif(not ML_100K, reason="no ml-100k.inter: `make evaluate` fetches it")
def test_the_published_digits_of_sar_come_out() -> None:
    split = read_split(Path(ML_100K or ""))
    digits = judged(split, sar(split))
    assert {name: round(value, 6) for name, value in digits.items()} == {
        "map@10": 0.110591,
        "ndcg@10": 0.382461,
        "precision@10": 0.330753,
        "recall@10": 0.176385,
    }
