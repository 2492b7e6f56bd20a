import numpy as np
import pytest

from ml.training.optimizer import Vector, minimize


def bowl(point: Vector) -> tuple[float, Vector]:
    scale = np.array([1.0, 10.0, 100.0])
    away = point - np.array([1.0, -2.0, 3.0])
    return float((scale * away * away).sum()), 2.0 * scale * away


def test_finds_the_bottom_of_a_bowl() -> None:
    found = minimize(bowl, np.zeros(3), tolerance=1e-10)
    np.testing.assert_allclose(found, [1.0, -2.0, 3.0], atol=1e-6)


def test_a_minimum_stays_where_it_is() -> None:
    start = np.array([1.0, -2.0, 3.0])
    assert minimize(bowl, start) is start


def test_stops_after_so_many_steps() -> None:
    calls = 0

    def counted(point: Vector) -> tuple[float, Vector]:
        nonlocal calls
        calls += 1
        return bowl(point)

    minimize(counted, np.zeros(3), iterations=1, tolerance=0.0)
    assert calls <= 32


def test_logistic_loss_without_a_floor_still_ends() -> None:
    def slope(point: Vector) -> tuple[float, Vector]:
        return float(np.logaddexp(0.0, -point).sum()), -1.0 / (1.0 + np.exp(point))

    found = minimize(slope, np.zeros(1), iterations=50, tolerance=1e-3)
    assert found[0] > 5.0
    assert found[0] == pytest.approx(minimize(slope, np.zeros(1), tolerance=1e-3)[0])
