"""Languages that the viewer reads."""

from dataclasses import dataclass
from typing import ClassVar

from domain.ranking.candidates import Candidates, Mask
from domain.ranking.masks import DropReason
from domain.ranking.membership import contains
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class Language:
    """Keeps the viewer's languages and posts of unknown language; all where none is set."""

    reason: ClassVar[DropReason] = DropReason.LANGUAGE
    lasting: ClassVar[bool] = True

    def __call__(self, candidates: Candidates, query: Query) -> Mask | None:
        if not len(query.taste.languages):
            return None
        return (candidates.language < 0) | contains(query.taste.languages, candidates.language)
