"""What is read from a log, with its place there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stored:
    """An event with its place in the log and its time in epoch seconds."""

    partition: int
    sequence: int
    at: float
