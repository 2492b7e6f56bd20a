"""Where reading starts: behind the fence, at the beginning of another log, after a commit."""

from consumers.positions import Bounds, Start, after_commit, behind_fence, next_offset
from domain.fences import NOTHING_APPLIED, sequence

LOG = Bounds(epoch=0, first=10, end=100)


def test_nothing_applied_begins_at_the_logs_first_record_in_the_least_epoch() -> None:
    assert behind_fence(NOTHING_APPLIED, LOG) == Start(0, 10)
    assert behind_fence(NOTHING_APPLIED, LOG._replace(epoch=3)) == Start(3, 10)


def test_reading_goes_on_behind_the_fence() -> None:
    assert behind_fence(sequence(0, 41), LOG) == Start(0, 42)
    assert behind_fence(sequence(2, 99), LOG._replace(epoch=1)) == Start(2, 100)


def test_a_log_whose_beginning_was_deleted_goes_on_at_what_is_left() -> None:
    assert behind_fence(sequence(0, 3), LOG) == Start(0, 10)
    assert after_commit(3, LOG) == Start(0, 10)


def test_a_log_that_ends_before_the_fence_was_made_anew() -> None:
    assert behind_fence(sequence(0, 100), LOG) == Start(1, 10, anew=True)
    assert behind_fence(sequence(4, 5_000), LOG) == Start(5, 10, anew=True)
    assert after_commit(101, LOG) == Start(0, 10, anew=True)
    assert after_commit(100, LOG) == Start(0, 100)


def test_a_raised_epoch_outranks_a_fence_that_the_new_log_has_overtaken() -> None:
    assert behind_fence(sequence(0, 41), LOG._replace(epoch=1)) == Start(1, 10, anew=True)


def test_the_offset_behind_a_fence() -> None:
    assert next_offset(NOTHING_APPLIED) == 0
    assert next_offset(sequence(3, 7)) == 8
