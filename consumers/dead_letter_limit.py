"""Notices when too much dies, so that a bad release does not throw everything away."""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from consumers.batches import Place
from domain.errors import DomainError
from domain.fences import NOTHING_APPLIED

MAX_IN_A_ROW: Final = 100  # of one partition
MAX_SHARE: Final = 0.05  # of a minute's records
LEAST_RECORDS: Final = 400  # in a minute, before the share means anything
MINUTE: Final = 60.0


class TooManyDeadLetters(DomainError):
    """More than ever come from bad producers: a bad release, or a wrong topic."""


class Fate(NamedTuple):
    place: Place
    sequence: int
    dead: bool


class DeadLetterLimit:
    """Of one consumer. A record counts once, however often it is read.

    ``allowed`` dead ones do not count: an operator has looked at them and lets them go.
    """

    def __init__(self, allowed: int = 0) -> None:
        self._allowed = allowed
        self._counted: dict[Place, int] = {}  # up to which sequence
        self._dead: dict[Place, int] = {}  # the last one
        self._in_a_row: dict[Place, int] = {}
        self._minute: deque[tuple[float, int, int]] = deque()  # when, records, dead ones

    def count(self, fates: Sequence[Fate], now: float) -> None:
        """Note the records of a batch in order, before its dead ones are written.

        Raises:
            TooManyDeadLetters: 100 in a row of a partition, or 5 % of a minute's records.

        """
        new = [
            one for one in fates if one.sequence > self._counted.get(one.place, NOTHING_APPLIED)
        ]
        died = 0
        for fate in new:
            self._counted[fate.place] = fate.sequence
            if fate.dead and not self._allow():
                died += 1
                self._bury(fate.place, fate.sequence)
            else:
                self._in_a_row[fate.place] = 0
        self._share(now, len(new), died)

    def give_up(self, place: Place, sequence: int, now: float) -> None:
        """Note a record that was counted as one to be applied, and cannot be.

        Raises:
            TooManyDeadLetters: as above.

        """
        if not self._allow():
            self._bury(place, sequence)
            self._share(now, 0, 1)

    def applied(self, through: Mapping[Place, int]) -> None:
        """Note the last records that took effect: they end a row of dead ones before them."""
        for place, sequence in through.items():
            if sequence > self._dead.get(place, NOTHING_APPLIED):
                self._in_a_row[place] = 0

    def _bury(self, place: Place, sequence: int) -> None:
        self._dead[place] = sequence
        self._in_a_row[place] = self._in_a_row.get(place, 0) + 1
        if self._in_a_row[place] >= MAX_IN_A_ROW:
            raise TooManyDeadLetters(f"{MAX_IN_A_ROW} in a row of {place.topic}")

    def _share(self, now: float, records: int, died: int) -> None:
        self._minute.append((now, records, died))
        while self._minute[0][0] < now - MINUTE:
            self._minute.popleft()
        records = sum(count for _, count, _ in self._minute)
        died = sum(count for _, _, count in self._minute)
        means_something = records >= LEAST_RECORDS or died > MAX_IN_A_ROW
        if means_something and died > MAX_SHARE * records:
            raise TooManyDeadLetters(f"{died} of {records} records of the last minute")

    def _allow(self) -> bool:
        if not self._allowed:
            return False
        self._allowed -= 1
        return True
