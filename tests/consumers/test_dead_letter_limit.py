"""When so much dies that a consumer halts."""

import pytest

from consumers.batches import Place
from consumers.dead_letter_limit import DeadLetterLimit, Fate, TooManyDeadLetters
from domain.topics import ENGAGEMENT_UPDATED

PLACE = Place(ENGAGEMENT_UPDATED.name, 3)


def fates(first: int, count: int, *, dead: bool = False) -> list[Fate]:
    return [Fate(PLACE, sequence, dead) for sequence in range(first, first + count)]


def test_records_that_are_given_up_here_and_there_are_not_in_a_row() -> None:
    limit = DeadLetterLimit()
    limit.count(fates(0, 10_000), 0.0)
    for number in range(0, 10_000, 50):
        limit.give_up(PLACE, number, 1.0)
        limit.applied({PLACE: number + 1})


def test_records_that_are_given_up_one_after_another_are() -> None:
    limit = DeadLetterLimit()
    limit.count(fates(0, 10_000), 0.0)
    for number in range(99):
        limit.give_up(PLACE, number, 1.0)
    with pytest.raises(TooManyDeadLetters, match="100 in a row"):
        limit.give_up(PLACE, 99, 1.0)


def test_a_row_goes_on_over_the_end_of_a_batch() -> None:
    limit = DeadLetterLimit()
    limit.count(fates(0, 50) + fates(50, 60, dead=True), 0.0)
    limit.applied({PLACE: 49})
    with pytest.raises(TooManyDeadLetters, match="100 in a row"):
        limit.count(fates(110, 40, dead=True), 0.0)


def test_a_share_is_that_of_the_last_minute() -> None:
    limit = DeadLetterLimit()
    for minute in range(20):
        limit.count(fates(minute * 400, 400), minute * 61.0)
        limit.count(fates(minute * 400, 400), minute * 61.0)  # read again
    with pytest.raises(TooManyDeadLetters, match="22 of 422 records"):
        limit.count(fates(8_000, 22, dead=True), 19 * 61.0)
