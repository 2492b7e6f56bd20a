"""Where to start reading a partition."""

from typing import NamedTuple

from domain.fences import from_sequence


class Bounds(NamedTuple):
    """The least epoch of all logs, a log's first offset and the one its next record will have."""

    epoch: int
    first: int
    end: int


class Start(NamedTuple):
    """``anew``: the log is not the one that was read before; its epoch is another."""

    epoch: int
    offset: int
    anew: bool = False


def next_offset(fence: int) -> int:
    """The offset behind a fence, in the log of the fence's epoch."""
    reached = from_sequence(fence)
    return 0 if reached is None else reached.offset + 1


def behind_fence(fence: int, bounds: Bounds) -> Start:
    """Behind the last record applied; at the beginning of a log that was made anew.

    A log that ends before the fence is another log.
    """
    reached = from_sequence(fence)
    if reached is None:
        return Start(bounds.epoch, bounds.first)
    if reached.epoch < bounds.epoch:
        return Start(bounds.epoch, bounds.first, anew=True)
    if reached.offset >= bounds.end:
        return Start(reached.epoch + 1, bounds.first, anew=True)
    return Start(reached.epoch, max(reached.offset + 1, bounds.first))


def after_commit(committed: int, bounds: Bounds) -> Start:
    """For consumers whose effects are guarded otherwise: where they left off, by Kafka."""
    if committed > bounds.end:
        return Start(bounds.epoch, bounds.first, anew=True)
    return Start(bounds.epoch, max(committed, bounds.first))
