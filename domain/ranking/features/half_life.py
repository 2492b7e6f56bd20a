"""Half-lives as recipes state them."""

import math

from domain.ranking.invalid_recipe import InvalidRecipe


def checked_half_life(seconds: float) -> float:
    """``seconds`` if it is positive and finite, else ``InvalidRecipe``."""
    if not 0.0 < seconds < math.inf:
        raise InvalidRecipe(f"a half-life must be positive and finite, not {seconds}")
    return seconds
