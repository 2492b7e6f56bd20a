"""How much a loop takes at a time, and how long it rests for a store that is slow."""

from collections.abc import Callable
from typing import Final

MAX_BATCH: Final = 2_000
SHORTEST_REST: Final = 0.1  # seconds
LONGEST_REST: Final = 1.0  # a store may be slow for days, and be all there is


def never() -> bool:
    return False


class Pace:
    """``most`` records of a batch; between batches rests that grow while a store is slow."""

    def __init__(self, most: int = MAX_BATCH, is_store_slow: Callable[[], bool] = never) -> None:
        self.most = most
        self._is_store_slow = is_store_slow
        self._rest = SHORTEST_REST

    def rest(self) -> float:
        """Seconds to take nothing after a batch: 0 while all stores are quick."""
        if not self._is_store_slow():
            self._rest = SHORTEST_REST
            return 0.0
        rest, self._rest = self._rest, min(2 * self._rest, LONGEST_REST)
        return rest
