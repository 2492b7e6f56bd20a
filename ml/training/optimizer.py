"""L-BFGS: finds the minimum of a smooth convex function from its gradients.

Source: Nocedal and Wright, Numerical Optimization, 2nd edition, algorithms 7.4 and 3.1. Written
out so that training needs numpy alone and gives the same model everywhere.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Objective = Callable[[Vector], tuple[float, Vector]]

PAIRS: Final = 10
SUFFICIENT_DECREASE: Final = 1e-4
MOST_HALVINGS: Final = 30


def minimize(
    objective: Objective, start: Vector, *, iterations: int = 100, tolerance: float = 1e-4
) -> Vector:
    """Stops when no slope is steeper than ``tolerance`` of the first one, or after so many steps.

    ``objective`` gives value and gradient.
    """
    point = start
    value, slope = objective(point)
    enough = tolerance * float(np.abs(slope).max())
    pairs: deque[tuple[Vector, Vector, float]] = deque(maxlen=PAIRS)
    for _ in range(iterations):
        if float(np.abs(slope).max()) <= enough:
            break
        direction = _direction(slope, pairs)
        descent = float(slope @ direction)
        length = 1.0 if pairs else 1.0 / float(np.abs(slope).sum())
        for _ in range(MOST_HALVINGS):
            candidate = point + length * direction
            new_value, new_slope = objective(candidate)
            if new_value <= value + SUFFICIENT_DECREASE * length * descent:
                break
            length *= 0.5
        else:
            break  # the floats allow no further descent
        step, change = candidate - point, new_slope - slope
        curvature = float(step @ change)
        if curvature > 0.0:
            pairs.append((step, change, curvature))
        point, value, slope = candidate, new_value, new_slope
    return point


def _direction(slope: Vector, pairs: deque[tuple[Vector, Vector, float]]) -> Vector:
    direction = -slope
    shares: list[float] = []
    for step, change, curvature in reversed(pairs):
        share = float(step @ direction) / curvature
        shares.append(share)
        direction -= share * change
    if pairs:
        step, change, curvature = pairs[-1]
        direction *= curvature / float(change @ change)
    for (step, change, curvature), share in zip(pairs, reversed(shares), strict=True):
        direction += (share - float(change @ direction) / curvature) * step
    return direction
