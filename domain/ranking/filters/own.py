"""The viewer's own posts."""

from dataclasses import dataclass
from typing import ClassVar

from domain.ranking.candidates import Candidates, Mask
from domain.ranking.masks import DropReason
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class Own:
    """Leaves out what the viewer wrote."""

    reason: ClassVar[DropReason] = DropReason.OWN
    lasting: ClassVar[bool] = True

    def __call__(self, candidates: Candidates, query: Query) -> Mask | None:
        if query.taste.own < 0:
            return None
        return candidates.author != query.taste.own
