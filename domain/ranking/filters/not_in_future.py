"""Posts that exist already."""

from dataclasses import dataclass
from typing import ClassVar, Final

from domain.ranking.candidates import Candidates, Mask
from domain.ranking.masks import DropReason
from domain.ranking.query import Query

CLOCK_SKEW: Final = 300.0  # seconds


@dataclass(frozen=True, slots=True)
class NotInFuture:
    """Leaves out posts dated later than clocks differ: they would be young for ever."""

    reason: ClassVar[DropReason] = DropReason.FROM_THE_FUTURE
    lasting: ClassVar[bool] = False

    def __call__(self, candidates: Candidates, query: Query) -> Mask:
        return candidates.created_at <= query.now + CLOCK_SKEW
