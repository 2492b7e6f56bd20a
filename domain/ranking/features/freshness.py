"""How young a post is."""

from dataclasses import dataclass

import numpy as np

from domain.ranking.candidates import Candidates, Floats
from domain.ranking.features.half_life import checked_half_life
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class Freshness:
    """1 at birth, half after each ``half_life`` (seconds)."""

    half_life: float
    name: str = "freshness"

    def __post_init__(self) -> None:
        checked_half_life(self.half_life)

    def __call__(self, candidates: Candidates, query: Query) -> Floats:
        age = np.maximum(query.now - candidates.created_at, 0.0)
        return np.exp2(-age / self.half_life)
