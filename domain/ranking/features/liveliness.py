"""How lately anybody reacted to a post."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from domain.events import EngagementType
from domain.ranking.candidates import Candidates, Floats
from domain.ranking.features.columns import column
from domain.ranking.features.squash import checked_half, squash
from domain.ranking.query import Query
from domain.trending import HALF_LIFE, WEIGHT, Window

JUST_NOW: Final = 600.0  # seconds of quiet that hardly count
NOTHING: Final = 1e-300  # left of a comment after twenty days
ONE_REACTION: Final = WEIGHT[EngagementType.COMMENT]


@dataclass(frozen=True, slots=True)
class Liveliness:
    """1 while people react, 1/2 when all has been quiet for ``half`` seconds, logarithmic.

    The quiet time is read off the hour's decayed engagement: what is left of one comment tells
    how long ago it was. Without any engagement it is the age of the post.
    """

    half: float
    name: str = "liveliness"

    def __post_init__(self) -> None:
        checked_half(self.half)

    def __call__(self, candidates: Candidates, query: Query) -> Floats:
        left = column(candidates, "trend.HOUR") / ONE_REACTION
        quiet = np.maximum(np.log2(np.maximum(left, NOTHING)) * -HALF_LIFE[Window.HOUR], 0.0)
        age = np.maximum(query.now - candidates.created_at, 0.0)
        return 1.0 - squash(np.minimum(quiet, age) / JUST_NOW, self.half / JUST_NOW)
