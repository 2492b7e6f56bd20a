"""From counts and rates without an upper bound to [0, 1), keeping all differences."""

import math

import numpy as np

from domain.ranking.candidates import Floats
from domain.ranking.invalid_recipe import InvalidRecipe


def squash(values: Floats, half: float) -> Floats:
    """Logarithmic: 0 at 0 and below, 1/2 at ``half``, strictly growing; NaN where not finite."""
    logs = np.log1p(np.maximum(values, 0.0))
    return logs / (logs + math.log1p(half))


def checked_half(value: float) -> float:
    """``value`` if it can be the middle of a squashed range, else ``InvalidRecipe``."""
    if not 0.0 < value < np.inf:
        raise InvalidRecipe(f"the middle of a range must be positive and finite, not {value}")
    return value
