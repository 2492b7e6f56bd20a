"""How much engagement a creator's posts usually have."""

from dataclasses import dataclass

import numpy as np

from domain.ranking.candidates import Candidates, Codes, Floats
from domain.ranking.features.columns import column
from domain.ranking.features.squash import checked_half, squash
from domain.ranking.query import Query

PRIOR_POSTS = 2.0  # posts of the average creator that stand in while little is known


@dataclass(frozen=True, slots=True)
class CreatorStanding:
    """The column ``creator_usual`` (see ``usual_engagement``), squashed; 1/2 at ``half``."""

    half: float
    name: str = "creator_standing"

    def __post_init__(self) -> None:
        checked_half(self.half)

    def __call__(self, candidates: Candidates, query: Query) -> Floats:  # noqa: ARG002 - the form
        return squash(column(candidates, "creator_usual"), self.half)


def usual_engagement(authors: Codes, engagement: Floats, count: int) -> Floats:
    """[count], mean engagement per post by author code, shrunk towards the mean of all posts.

    ``authors`` and ``engagement`` (likes + 2 comments + 3 reposts) are columns of known posts.
    """
    known = authors >= 0
    posts = np.bincount(authors[known], minlength=count)
    sums = np.bincount(authors[known], weights=engagement[known], minlength=count)
    mean = float(engagement[known].mean()) if known.any() else 0.0
    return (sums + PRIOR_POSTS * mean) / (posts + PRIOR_POSTS)
