"""Of new posts that nothing else speaks for, those go first that exploration drew."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from domain.feed import CandidateSource
from domain.ranking.candidates import Candidates, Floats, Mask
from domain.ranking.features.columns import column
from domain.ranking.invalid_recipe import InvalidRecipe
from domain.ranking.query import Query

FRESH_ALONE = np.uint32(1 << CandidateSource.FRESH)


@dataclass(frozen=True, slots=True)
class NotDrawn:
    """``factor`` for posts found as new ones alone that have no propensity, else 1."""

    lasting: ClassVar[bool] = False
    factor: float = 0.5
    stage: str = "exploration"
    reason: str = "Other new posts were drawn to be shown first"

    def __post_init__(self) -> None:
        if not 0.0 < self.factor <= 1.0:
            raise InvalidRecipe("the factor must lie in (0, 1]")

    def __call__(self, candidates: Candidates, query: Query, total: Floats, kept: Mask) -> Floats:  # noqa: ARG002 - the form
        waits = candidates.sources == FRESH_ALONE
        waits &= column(candidates, "propensity") == 0.0
        return np.where(waits, self.factor, 1.0)
