"""How much a post is rising now."""

from dataclasses import dataclass

from domain.ranking.candidates import Candidates, Floats
from domain.ranking.features.columns import checked_column, column
from domain.ranking.features.squash import checked_half, squash
from domain.ranking.query import Query
from domain.trending import Window, trend_rates


@dataclass(frozen=True, slots=True)
class Trend:
    """The rate of engagement in a window, corrected for youth, squashed to [0, 1).

    ``half`` is the rate that counts 1/2; ``source`` the column of decayed engagement it reads.
    """

    window: Window
    half: float
    source: str
    name: str = "trend"

    def __post_init__(self) -> None:
        checked_half(self.half)
        checked_column(self.source)

    def __call__(self, candidates: Candidates, query: Query) -> Floats:
        engagement = column(candidates, self.source)
        age = query.now - candidates.created_at
        return squash(trend_rates(engagement, age, self.window), self.half)
