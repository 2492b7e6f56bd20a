"""How much the viewer likes a post's hashtags."""

from dataclasses import dataclass

import numpy as np

from domain.ranking.candidates import Candidates, Floats
from domain.ranking.membership import weights_of
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class HashtagAffinity:
    """The mean strength of a post's hashtags, in [-1, 1]."""

    name: str = "hashtag_affinity"

    def __call__(self, candidates: Candidates, query: Query) -> Floats:
        if not len(query.taste.hashtags):
            return np.zeros(len(candidates))
        tags = candidates.hashtags
        weights = weights_of(query.taste.hashtags, query.taste.hashtag_weights, tags.ravel())
        liked = weights.reshape(tags.shape).sum(axis=1)
        count = np.count_nonzero(tags >= 0, axis=1)
        return liked / np.maximum(count, 1)
