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
        if not topics.any():
            return np.zeros(len(candidates))
        codes = candidates.categories
        confidence = candidates.confidence * (codes >= 0)
        liked = np.einsum("ij,ij->i", confidence, topics[codes])
        known = np.einsum("ij->i", confidence)
        return np.divide(liked, known, out=liked, where=known > 0.0)
