"""Orders of a list over the last period, for the change of ranks."""

from collections import deque
from typing import Final

import numpy as np

from domain.ranking.candidates import Ints

PERIOD: Final = 60.0  # seconds: the refresh period that rank changes refer to
SPACING: Final = 10.0  # seconds between two notes
NOTES: Final = int(PERIOD / SPACING) + 3


class RankHistory:
    """Orders as stable keys, best first."""

    def __init__(self) -> None:
        self._notes: deque[tuple[float, Ints]] = deque(maxlen=NOTES)

    def note(self, now: float, keys: Ints) -> None:
        self._notes.append((now, keys))

    def order(self, now: float) -> Ints:
        """The latest order that is a period old; empty where none was noted then."""
        old = [keys for at, keys in self._notes if at <= now - PERIOD]
        return old[-1] if old else np.empty(0, dtype=np.int64)
