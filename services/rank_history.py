"""Where posts stood in a list some time ago, for the change of their rank."""

from collections import deque
from typing import Final

import numpy as np

from domain.ranking.candidates import Ints

PERIOD: Final = 60.0  # seconds: the refresh period that rank changes refer to
SPACING: Final = 10.0  # seconds between two notes
NOTES: Final = int(PERIOD / SPACING) + 2


class RankHistory:
    """Orders of one list over the last period, as stable keys, best first."""

    def __init__(self) -> None:
        self._notes: deque[tuple[float, Ints]] = deque(maxlen=NOTES)

    def is_due(self, now: float) -> bool:
        return not self._notes or now - self._notes[-1][0] >= SPACING

    def note(self, now: float, keys: Ints) -> None:
        self._notes.append((now, keys))

    def ranks(self, now: float) -> dict[int, int]:
        """Rank by key one period ago; empty where the list was not looked at then."""
        old = [keys for at, keys in self._notes if at <= now - PERIOD]
        if not old:
            return {}
        return dict(zip(old[-1].tolist(), np.arange(1, len(old[-1]) + 1).tolist(), strict=True))
