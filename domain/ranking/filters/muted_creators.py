"""Creators whom the viewer muted."""

from dataclasses import dataclass
from typing import ClassVar

from domain.ranking.candidates import Candidates, Mask
from domain.ranking.masks import DropReason
from domain.ranking.membership import contains
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class MutedCreators:
    """Leaves out all posts of muted creators."""

    reason: ClassVar[DropReason] = DropReason.MUTED_CREATOR
    lasting: ClassVar[bool] = True

    def __call__(self, candidates: Candidates, query: Query) -> Mask | None:
        members = query.taste.muted_creators
        return ~contains(members, candidates.author) if len(members) else None
