"""An author's further posts count less, so that nobody floods a feed."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from domain.ranking.candidates import Candidates, Floats, Mask
from domain.ranking.invalid_recipe import InvalidRecipe
from domain.ranking.order import best_first
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class CreatorDecay:
    """The factor ``floor + (1 - floor) * decay**k`` for an author's k-th repeat, best first."""

    lasting: ClassVar[bool] = False
    decay: float = 0.5
    floor: float = 0.25
    stage: str = "creator_decay"
    reason: str = "Further posts of the same creator count less"

    def __post_init__(self) -> None:
        if not (0.0 < self.decay <= 1.0 and 0.0 < self.floor <= 1.0):
            raise InvalidRecipe("decay and floor must lie in (0, 1]")

    def __call__(self, candidates: Candidates, query: Query, total: Floats, kept: Mask) -> Floats:  # noqa: ARG002 - the form
        rows = np.flatnonzero(kept)
        ranked = rows[best_first(total[rows], candidates.key[rows])]
        authors = candidates.author[ranked]
        by_author = np.argsort(authors, kind="stable")
        grouped = authors[by_author]
        starts = np.ones(len(grouped), dtype=np.bool_)
        np.not_equal(grouped[1:], grouped[:-1], out=starts[1:])
        place = np.arange(len(grouped))
        repeat = place - np.maximum.accumulate(np.where(starts, place, 0))
        repeat[grouped < 0] = 0  # unknown authors are not one author
        factor = np.ones(len(candidates))
        factor[ranked[by_author]] = self.floor + (1.0 - self.floor) * self.decay**repeat
        return factor
