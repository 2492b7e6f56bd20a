"""Words that the viewer muted."""

from dataclasses import dataclass
from typing import ClassVar

from domain.ranking.candidates import Candidates, Mask
from domain.ranking.masks import DropReason
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class MutedWords:
    """Leaves out rows that the caller found to contain a muted keyword."""

    reason: ClassVar[DropReason] = DropReason.MUTED_WORD
    lasting: ClassVar[bool] = True

    def __call__(self, candidates: Candidates, query: Query) -> Mask | None:  # noqa: ARG002 - the form
        marked = query.excluded.muted_words
        return None if marked is None else ~marked
