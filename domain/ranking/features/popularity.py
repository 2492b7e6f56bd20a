"""How much engagement a post has had in all."""

from dataclasses import dataclass

from domain.ranking.candidates import Candidates, Floats
from domain.ranking.features.columns import column
from domain.ranking.features.squash import checked_half, squash
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class Popularity:
    """Likes, comments and reposts, weighted 1, 2 and 3, squashed to [0, 1); 1/2 at ``half``."""

    half: float
    name: str = "popularity"

    def __post_init__(self) -> None:
        checked_half(self.half)

    def __call__(self, candidates: Candidates, query: Query) -> Floats:  # noqa: ARG002 - the form
        engagement = (
            column(candidates, "likes")
            + 2.0 * column(candidates, "comments")
            + 3.0 * column(candidates, "reposts")
        )
        return squash(engagement, self.half)
