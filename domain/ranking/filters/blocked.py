"""Creators whom the viewer blocked."""

from dataclasses import dataclass
from typing import ClassVar

from domain.ranking.candidates import Candidates, Mask
from domain.ranking.masks import DropReason
from domain.ranking.membership import contains
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class Blocked:
    """Leaves out all posts of blocked creators."""

    reason: ClassVar[DropReason] = DropReason.BLOCKED
    lasting: ClassVar[bool] = True

    def __call__(self, candidates: Candidates, query: Query) -> Mask | None:
        members = query.taste.blocked
        return ~contains(members, candidates.author) if len(members) else None
