"""How good a post is by itself."""

from dataclasses import dataclass

import numpy as np

from domain.ranking.candidates import Candidates, Floats
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class Quality:
    """The classifiers' quality score; ``unknown`` where none has answered."""

    unknown: float = 0.5
    name: str = "quality"

    def __call__(self, candidates: Candidates, query: Query) -> Floats:  # noqa: ARG002 - the form
        return np.where(np.isnan(candidates.quality), self.unknown, candidates.quality)
