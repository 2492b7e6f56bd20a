"""Posts of a certain age only."""

from dataclasses import dataclass
from typing import ClassVar

from domain.ranking.candidates import Candidates, Mask
from domain.ranking.invalid_recipe import InvalidRecipe
from domain.ranking.masks import DropReason
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class AgeLimit:
    """Leaves out what is older than ``seconds``."""

    reason: ClassVar[DropReason] = DropReason.TOO_OLD
    lasting: ClassVar[bool] = False

    seconds: float

    def __post_init__(self) -> None:
        if not self.seconds > 0.0:
            raise InvalidRecipe(f"an age limit must be positive, not {self.seconds}")

    def __call__(self, candidates: Candidates, query: Query) -> Mask:
        return candidates.created_at >= query.now - self.seconds
