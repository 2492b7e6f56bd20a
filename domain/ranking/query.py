"""What a ranking is made for: the viewer's taste, what is excluded, the time and the seed."""

from dataclasses import dataclass, field

import numpy as np

from domain.ranking.candidates import Ints, Mask
from domain.ranking.taste import Taste


def _no_keys() -> Ints:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Excluded:
    """What is not to be shown though it ranks.

    ``seen`` and ``served`` are the packed filters of ``domain.seen`` and ``domain.served``.
    ``viewed`` are sorted keys of posts that the viewer has just acted on and that no filter holds
    yet, ``in_session`` those that this session has served. ``muted_words`` [n] marks the rows
    that contain one of the viewer's muted keywords.
    """

    seen: bytes = b""
    served: bytes = b""
    viewed: Ints = field(default_factory=_no_keys)
    in_session: Ints = field(default_factory=_no_keys)
    muted_words: Mask | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """``now`` is in epoch seconds; ``seed`` decides every draw."""

    taste: Taste
    now: float
    seed: int = 0
    excluded: Excluded = field(default_factory=Excluded)
