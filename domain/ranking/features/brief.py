"""The original brief's own formula (sections 4.1), kept as a baseline that can be measured.

Its known faults are kept too: a cap that ties everything viral, sums over tags, and 48 hours that
are no half-life.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from domain.ranking.candidates import Candidates, Floats
from domain.ranking.features.columns import column
from domain.ranking.membership import weights_of
from domain.ranking.query import Query

HOUR: Final = 3_600.0


@dataclass(frozen=True, slots=True)
class BriefEngagement:
    """Likes, comments and reposts per hour of age, at most 100 of them."""

    name: str = "engagement"

    def __call__(self, candidates: Candidates, query: Query) -> Floats:
        hours = np.maximum(query.now - candidates.created_at, 0.0) / HOUR
        engagement = (
            column(candidates, "likes")
            + 2.0 * column(candidates, "comments")
            + 3.0 * column(candidates, "reposts")
        )
        return np.minimum(engagement / (hours + 2.0) / 100.0, 1.0)


@dataclass(frozen=True, slots=True)
class BriefFreshness:
    """``exp(-age / 48 h)``."""

    name: str = "freshness"

    def __call__(self, candidates: Candidates, query: Query) -> Floats:
        hours = np.maximum(query.now - candidates.created_at, 0.0) / HOUR
        return np.exp(-hours / 48.0)


@dataclass(frozen=True, slots=True)
class BriefPersonalization:
    """0.6 x the sum over tags plus 0.4 x the creator's, at most 1."""

    name: str = "personalization"

    def __call__(self, candidates: Candidates, query: Query) -> Floats:
        taste = query.taste
        tags = taste.topics[candidates.categories].sum(axis=1)
        by_creator = weights_of(taste.creators, taste.creator_weights, candidates.author)
        return np.minimum(0.6 * tags + 0.4 * by_creator, 1.0)
