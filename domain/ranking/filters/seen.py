"""Posts that the viewer has seen, liked or otherwise acted on."""

from dataclasses import dataclass
from typing import ClassVar

from domain import seen
from domain.ranking.candidates import Candidates, Mask
from domain.ranking.masks import DropReason
from domain.ranking.membership import contains
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class Seen:
    """Leaves out what was viewed or liked within seven days."""

    reason: ClassVar[DropReason] = DropReason.SEEN
    lasting: ClassVar[bool] = False

    def __call__(self, candidates: Candidates, query: Query) -> Mask | None:
        found = contains(query.excluded.viewed, candidates.key)
        found |= contains(query.taste.liked_posts, candidates.key)
        if query.excluded.seen:
            found |= seen.check(query.excluded.seen, candidates.digest, query.now)
        return ~found
