"""How many requests are worked on at a time, and who is turned away first when it is too many.

One process works on one request at a time, so with n of them in flight each takes n times as long,
and past the deadline all work is for nothing. The bound follows what requests take: it shrinks
while queries take longer than they should and grows back while they do not. The less important a
request, the smaller the part of the bound that it may fill, so search goes before trending lists,
those before what is personal, and mutations and the staff's own work last.
"""

from collections.abc import Generator
from contextlib import contextmanager
from enum import Enum
from typing import Final

from runtime.clock import Clock
from server.caller import Caller
from server.prepared_document import PreparedOperation
from server.rate_limits import SEARCH_FIELDS
from server.refusals import overloaded

LEAST: Final = 32.0  # in flight; a page of a browser asks for some six things at a time
MOST: Final = 96.0
TARGET: Final = 0.1  # seconds that a query may take, of the 0.15 that it has
SHRINK: Final = 0.98  # for each query that took longer: halved by some 35
LISTS: Final = frozenset(
    {"trending", "trendingHashtags", "categories", "category", "creator", "hashtag", "__typename"}
)


class Priority(Enum):
    """The value is the part of the bound that requests of the kind may fill."""

    SEARCH = 0.5
    LISTS = 0.7
    PERSONAL = 0.85
    FIRST = 1.0  # mutations, and whatever people with a role ask for


def priority_of(operation: PreparedOperation, caller: Caller) -> Priority:
    """A document with fields of several kinds counts as the least important of them."""
    fields = operation.root_fields
    if operation.is_mutation or caller.roles:
        return Priority.FIRST
    if fields & SEARCH_FIELDS:
        return Priority.SEARCH
    return Priority.PERSONAL if fields - LISTS else Priority.LISTS


class LoadGate:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._in_flight = 0
        self._bound = MOST

    @property
    def bound(self) -> float:
        """How many may be in flight."""
        return self._bound

    def check(self) -> None:
        """Turn away at once what no priority could let in, before anything of it is read.

        Raises:
            Refused: with `OVERLOADED`.

        """
        if self._in_flight >= self._bound:
            raise overloaded()

    @contextmanager
    def passed(self, priority: Priority) -> Generator[None]:
        """Count a request as in flight for as long as the block takes.

        Raises:
            Refused: with `OVERLOADED`.

        """
        if self._in_flight >= self._bound * priority.value:
            raise overloaded()
        self._in_flight += 1
        started = self._clock.monotonic()
        try:
            yield
        finally:
            if priority is not Priority.FIRST:  # a mutation waits for the log, not for us
                self._adapt(self._clock.monotonic() - started)
            self._in_flight -= 1

    def _adapt(self, seconds: float) -> None:
        if seconds > TARGET:
            self._bound = max(LEAST, self._bound * SHRINK)
        elif 2 * self._in_flight > self._bound:
            self._bound = min(MOST, self._bound + 1 / self._bound)
