"""Topics that the viewer muted."""

from dataclasses import dataclass
from typing import ClassVar

from domain.ranking.candidates import Candidates, Mask
from domain.ranking.masks import DropReason
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class MutedTopics:
    """Leaves out posts with any muted category, the most confident one or not."""

    reason: ClassVar[DropReason] = DropReason.MUTED_TOPIC
    lasting: ClassVar[bool] = True

    def __call__(self, candidates: Candidates, query: Query) -> Mask | None:
        muted = query.taste.muted_topics
        if not muted.any():
            return None
        keep = ~muted[candidates.categories[:, 0]]
        for place in range(1, candidates.categories.shape[1]):
            keep &= ~muted[candidates.categories[:, place]]
        return keep
