"""The viewer's own posts."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from domain.ranking.candidates import Candidates, Mask
from domain.ranking.masks import DropReason
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class Own:
    """Leaves out what the viewer wrote."""

    reason: ClassVar[DropReason] = DropReason.OWN
    lasting: ClassVar[bool] = True

    def __call__(self, candidates: Candidates, query: Query) -> Mask:
        if query.taste.own < 0:
            return np.ones(len(candidates), dtype=np.bool_)
        return candidates.author != query.taste.own
