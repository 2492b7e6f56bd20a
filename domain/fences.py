"""Fences: how far into a partition's log a state reaches, as one growing number.

``sequence = epoch * 2**40 + offset``. The epoch grows when a log is made anew, so that records of
the new log do not look old. Sequences stay below 2**53, exact in every language that meets them.
"""

from typing import Final, NamedTuple

OFFSET_BITS: Final = 40
MAX_EPOCH: Final = 2**12 - 1
NOTHING_APPLIED: Final = -1


class Fence(NamedTuple):
    epoch: int
    offset: int

    @property
    def sequence(self) -> int:
        return (self.epoch << OFFSET_BITS) + self.offset


def sequence(epoch: int, offset: int) -> int:
    """The place of a record in the history of its partition, over all epochs of the log."""
    if not (0 <= epoch <= MAX_EPOCH and 0 <= offset < 1 << OFFSET_BITS):
        msg = f"epoch {epoch}, offset {offset}"
        raise ValueError(msg)
    return (epoch << OFFSET_BITS) + offset


def from_sequence(number: int) -> Fence | None:
    """The fence of a sequence; None where nothing was applied."""
    if number < 0:
        return None
    return Fence(number >> OFFSET_BITS, number & ((1 << OFFSET_BITS) - 1))
