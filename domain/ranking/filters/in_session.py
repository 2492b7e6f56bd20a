"""Posts that this session has served already."""

from dataclasses import dataclass
from typing import ClassVar

from domain.ranking.candidates import Candidates, Mask
from domain.ranking.masks import DropReason
from domain.ranking.membership import contains
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class InSession:
    """Leaves out what earlier pages of the session showed."""

    reason: ClassVar[DropReason] = DropReason.IN_SESSION
    lasting: ClassVar[bool] = False

    def __call__(self, candidates: Candidates, query: Query) -> Mask | None:
        members = query.excluded.in_session
        return ~contains(members, candidates.key) if len(members) else None
