"""An author's further posts count less, so that nobody floods a feed."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from domain.ranking.candidates import Candidates, Floats, Mask
from domain.ranking.invalid_recipe import InvalidRecipe
from domain.ranking.order import best_first
from domain.ranking.query import Query

PLACE_BITS: Final = 31
PLACE_MASK: Final = (1 << PLACE_BITS) - 1


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
        rows = kept.nonzero()[0]
        ranked = rows[best_first(total[rows], candidates.key[rows])]
        place = np.arange(len(ranked))
        # Author and place in one number: sorting it groups authors, best first.
        both = np.sort((candidates.author[ranked].astype(np.int64) << PLACE_BITS) | place)
        grouped = both >> PLACE_BITS
        starts = np.ones(len(both), dtype=np.bool_)
        np.not_equal(grouped[1:], grouped[:-1], out=starts[1:])
        repeat = place - np.maximum.accumulate(np.where(starts, place, 0))
        repeat[grouped < 0] = 0  # unknown authors are not one author
        factor = np.ones(len(candidates))
        most = int(repeat.max(initial=0))
        powers = self.floor + (1.0 - self.floor) * self.decay ** np.arange(most + 1)
        factor[ranked[both & PLACE_MASK]] = powers[repeat]
        return factor
