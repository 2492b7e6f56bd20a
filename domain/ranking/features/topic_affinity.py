"""How much the viewer likes what a post is about."""

from dataclasses import dataclass

import numpy as np

from domain.ranking.candidates import Candidates, Floats
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class TopicAffinity:
    """The mean strength of a post's categories, by confidence: stuffing tags does not pay."""

    name: str = "topic_affinity"

    def __call__(self, candidates: Candidates, query: Query) -> Floats:
        topics = query.taste.topics
        liked = np.zeros(len(candidates))
        known = np.zeros(len(candidates))
        for place in range(candidates.categories.shape[1]):
            codes = candidates.categories[:, place]
            confidence = np.where(codes >= 0, candidates.confidence[:, place], 0.0)
            liked += confidence * topics[codes]
            known += confidence
        return np.divide(liked, known, out=liked, where=known > 0.0)
