"""Sensitive posts are for those who asked for them."""

from dataclasses import dataclass
from typing import ClassVar

from domain.ranking.candidates import Candidates, Mask
from domain.ranking.masks import DropReason
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class Sensitive:
    """Leaves out sensitive posts unless the viewer opted in."""

    reason: ClassVar[DropReason] = DropReason.SENSITIVE
    lasting: ClassVar[bool] = True

    def __call__(self, candidates: Candidates, query: Query) -> Mask | None:
        if query.taste.show_sensitive:
            return None
        return ~candidates.sensitive
