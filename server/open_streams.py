"""How many subscriptions one party keeps open in one process, so that none takes all its room."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from server.refusals import overloaded

MOST: Final = 20  # of a viewer or, for anonymous callers, of an address; in development more


class OpenStreams:
    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[str] = Counter()

    def check(self, party: str) -> None:
        """Whether the party may open another one.

        Raises:
            Refused: with `OVERLOADED`.

        """
        if self._open[party] >= self._most:
            raise overloaded()

    @contextmanager
    def one_more(self, party: str) -> Generator[None]:
        """Count a subscription for as long as the block takes; raises what `check` does."""
        self.check(party)
        self._open[party] += 1
        try:
            yield
        finally:
            self._open[party] -= 1
            if not self._open[party]:
                del self._open[party]
