"""Only what may be recommended at all."""

from dataclasses import dataclass
from typing import ClassVar

from domain.ranking.candidates import Candidates, Mask
from domain.ranking.masks import DropReason
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class Recommendable:
    """Rejected, shadow-banned, deleted, unclassified and unsafe posts stay out."""

    reason: ClassVar[DropReason] = DropReason.NOT_RECOMMENDABLE
    lasting: ClassVar[bool] = True

    def __call__(self, candidates: Candidates, query: Query) -> Mask:  # noqa: ARG002 - the form
        return candidates.recommendable
