import numpy as np
import pytest

from ml.training.measuring import (
    area_under_curve,
    bands,
    binary_metrics,
    calibration_error,
    topic_metrics,
)

SCORES = np.array([0.9, 0.8, 0.8, 0.3, 0.1])
POSITIVE = np.array([True, True, False, True, False])


def test_area_counts_ties_half() -> None:
    # pairs: .9 over both; .8 ties one, over the other; .3 under one, over the other
    assert area_under_curve(SCORES, POSITIVE) == pytest.approx((2 + 1.5 + 1) / 6)
    assert np.isnan(area_under_curve(SCORES, np.ones(5, bool)))


def test_binary_metrics() -> None:
    metrics = binary_metrics(SCORES, POSITIVE)
    assert metrics["precision"] == pytest.approx(2 / 3)
    assert metrics["recall"] == pytest.approx(2 / 3)
    assert metrics["f1"] == pytest.approx(2 / 3)
    assert metrics["accuracy"] == pytest.approx(3 / 5)
    nothing = binary_metrics(np.zeros(2), np.array([True, False]))
    assert (nothing["precision"], nothing["recall"], nothing["f1"]) == (0.0, 0.0, 0.0)


def test_bands_share_out_all_rows_and_tell_how_many_are_right() -> None:
    scores = np.array([0.1, 0.49, 0.5, 0.8, 0.81, 1.0])
    positive = np.array([True, False, False, True, True, True])
    assert bands(scores, positive) == {
        "low": 2 / 6,
        "review": 2 / 6,
        "withheld": 2 / 6,
        "review_precision": 0.5,
        "withheld_precision": 1.0,
    }
    assert set(bands(scores[:2], positive[:2])) == {"low", "review", "withheld"}
    assert bands(scores, positive, (0.5, 0.9))["withheld"] == 1 / 6


def test_calibration_error() -> None:
    assert calibration_error(np.array([1.0, 0.0]), np.array([True, False])) == 0.0
    assert calibration_error(np.array([0.75, 0.75]), np.array([True, False])) == pytest.approx(
        0.25
    )


def test_topic_metrics() -> None:
    scores = np.array(
        [[0.7, 0.1, 0.1, 0.1], [0.4, 0.3, 0.2, 0.1], [0.4, 0.3, 0.2, 0.1], [0.4, 0.3, 0.2, 0.1]]
    )
    metrics = topic_metrics(scores, np.array([0, 2, 3, -1]))
    assert metrics["accuracy"] == pytest.approx(1 / 4)
    assert metrics["top3"] == pytest.approx(2 / 4)
    assert metrics["macro_f1"] == pytest.approx((2 / 5) / 4)  # label 0 alone is ever guessed
