"""Sensitive posts are for those who asked for them."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from domain.ranking.candidates import Candidates, Mask
from domain.ranking.masks import DropReason
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class Sensitive:
    """Leaves out sensitive posts unless the viewer opted in."""

    reason: ClassVar[DropReason] = DropReason.SENSITIVE
    lasting: ClassVar[bool] = True

    def __call__(self, candidates: Candidates, query: Query) -> Mask:
        if query.taste.show_sensitive:
            return np.ones(len(candidates), dtype=np.bool_)
        return ~candidates.sensitive
