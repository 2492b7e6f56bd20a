"""A recipe: all that decides a ranking, as one frozen, self-checking, hashed value."""

import math
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Final

from domain.policy import Surface
from domain.ranking.blend import Blend
from domain.ranking.invalid_recipe import InvalidRecipe
from domain.ranking.masks import Filter
from domain.ranking.score import Adjuster, WeightedFeature
from domain.ranking.slate import SlateRules

EXACT: Final = 1e-9


@dataclass(frozen=True)
class Recipe:
    """Weights are finite and their absolute values add up to 1; features have distinct names.

    ``returns_served`` says that posts served in the last ten minutes come after all others
    instead of being treated like them. ``surface`` is what the policy takes the list for.
    """

    name: str
    filters: tuple[Filter, ...]
    features: tuple[WeightedFeature, ...]
    adjusters: tuple[Adjuster, ...]
    blend: Blend
    rules: SlateRules
    returns_served: bool = False
    surface: Surface = Surface.RECOMMENDATION

    def __post_init__(self) -> None:
        weights = [each.weight for each in self.features]
        if not weights or not all(math.isfinite(weight) for weight in weights):
            raise InvalidRecipe(f"{self.name}: a recipe needs features with finite weights")
        if abs(math.fsum(map(abs, weights)) - 1.0) > EXACT:
            raise InvalidRecipe(f"{self.name}: the weights do not add up to 1")
        names = [each.feature.name for each in self.features]
        if len(set(names)) != len(names):
            raise InvalidRecipe(f"{self.name}: two features have the same name")

    @cached_property
    def version(self) -> str:
        """Name and content hash: what explanations and sessions quote."""
        digest = blake2b(repr(self).encode(), digest_size=6).hexdigest()
        return f"{self.name}@{digest}"

    @property
    def lasting_filters(self) -> tuple[Filter, ...]:
        """What is checked again at every page."""
        return tuple(each for each in self.filters if each.lasting)
