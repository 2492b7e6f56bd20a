"""How much the viewer likes a post's hashtags."""

from dataclasses import dataclass

from domain.ranking.candidates import Candidates, Floats
from domain.ranking.membership import mean_weights
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class HashtagAffinity:
    """The mean strength of a post's hashtags, in [-1, 1]."""

    name: str = "hashtag_affinity"

    def __call__(self, candidates: Candidates, query: Query) -> Floats:
        taste = query.taste
        return mean_weights(taste.hashtags, taste.hashtag_weights, candidates.hashtags)
