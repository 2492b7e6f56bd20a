"""A clock that stands still until it is told to move."""


class FixedClock:
    """Both readings move together; `at` is in epoch seconds."""

    def __init__(self, at: float = 1_800_000_000.0) -> None:
        self._now = at
        self._monotonic = 1_000.0

    def now(self) -> float:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        self._now += seconds
        self._monotonic += seconds
