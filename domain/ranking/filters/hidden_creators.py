"""Creators that the viewer is not interested in."""

from dataclasses import dataclass
from typing import ClassVar

from domain.ranking.candidates import Candidates, Mask
from domain.ranking.masks import DropReason
from domain.ranking.membership import contains
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class HiddenCreators:
    """Leaves out posts of creators of whom the viewer lately asked for less."""

    reason: ClassVar[DropReason] = DropReason.HIDDEN_CREATOR
    lasting: ClassVar[bool] = True

    def __call__(self, candidates: Candidates, query: Query) -> Mask | None:
        members = query.taste.hidden_creators
        return ~contains(members, candidates.author) if len(members) else None
