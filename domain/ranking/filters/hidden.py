"""Posts that the viewer is not interested in."""

from dataclasses import dataclass
from typing import ClassVar

from domain.ranking.candidates import Candidates, Mask
from domain.ranking.masks import DropReason
from domain.ranking.membership import contains
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class Hidden:
    """Leaves out single posts that the viewer hid."""

    reason: ClassVar[DropReason] = DropReason.HIDDEN
    lasting: ClassVar[bool] = True

    def __call__(self, candidates: Candidates, query: Query) -> Mask | None:
        members = query.taste.hidden_posts
        return ~contains(members, candidates.key) if len(members) else None
