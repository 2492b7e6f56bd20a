"""Where to start reading a partition."""

from typing import NamedTuple

from domain.fences import from_sequence


class Start(NamedTuple):
    """``anew``: the log is not the one that was read before; its epoch is another."""

    epoch: int
    offset: int
    anew: bool = False


def behind_fence(fence: int, *, least_epoch: int, first: int, end: int) -> Start:
    """Behind the last record applied; at the beginning of a log that was made anew.

    ``first`` and ``end`` are the log's first offset and the one its next record will have. A log
    that ends before the fence is another log.
    """
    reached = from_sequence(fence)
    if reached is None:
        return Start(least_epoch, first)
    if reached.epoch < least_epoch:
        return Start(least_epoch, first, anew=True)
    if reached.offset >= end:
        return Start(reached.epoch + 1, first, anew=True)
    return Start(reached.epoch, max(reached.offset + 1, first))


def after_commit(committed: int | None, *, epoch: int, first: int, end: int) -> Start:
    """For consumers whose effects are guarded otherwise: where they left off, by Kafka."""
    if committed is None:
        return Start(epoch, first)
    if committed > end:
        return Start(epoch, first, anew=True)
    return Start(epoch, max(committed, first))
