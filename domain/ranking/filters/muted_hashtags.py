"""Hashtags that the viewer muted."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from domain.ranking.candidates import Candidates, Mask
from domain.ranking.masks import DropReason
from domain.ranking.membership import contains
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class MutedHashtags:
    """Leaves out posts with any muted hashtag."""

    reason: ClassVar[DropReason] = DropReason.MUTED_HASHTAG
    lasting: ClassVar[bool] = True

    def __call__(self, candidates: Candidates, query: Query) -> Mask | None:
        if not len(query.taste.muted_hashtags):
            return None
        found = contains(query.taste.muted_hashtags, candidates.hashtags.ravel())
        return np.logical_not(found.reshape(candidates.hashtags.shape).any(axis=1))
