"""Hashtags that the viewer muted."""

from dataclasses import dataclass
from typing import ClassVar

from domain.ranking.candidates import Candidates, Mask
from domain.ranking.masks import DropReason
from domain.ranking.membership import rows_with_any
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class MutedHashtags:
    """Leaves out posts with any muted hashtag."""

    reason: ClassVar[DropReason] = DropReason.MUTED_HASHTAG
    lasting: ClassVar[bool] = True

    def __call__(self, candidates: Candidates, query: Query) -> Mask | None:
        muted = query.taste.muted_hashtags
        return ~rows_with_any(muted, candidates.hashtags) if len(muted) else None
