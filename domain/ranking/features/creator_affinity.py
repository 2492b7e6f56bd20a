"""How much the viewer likes who wrote a post."""

from dataclasses import dataclass

from domain.ranking.candidates import Candidates, Floats
from domain.ranking.membership import weights_of
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class CreatorAffinity:
    """The viewer's strength for the post's creator, in [-1, 1]."""

    name: str = "creator_affinity"

    def __call__(self, candidates: Candidates, query: Query) -> Floats:
        return weights_of(query.taste.creators, query.taste.creator_weights, candidates.author)
