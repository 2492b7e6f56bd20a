"""Times as PostgreSQL's columns hold them."""

from typing import Final

EARLIEST: Final = -62_135_596_800.0  # year 1 and year 9999, which every client can read
LATEST: Final = 253_402_300_799.0


def storable_time(at: float) -> float:
    """A time as a column holds it: in microseconds, those out of range as its ends."""
    return round(min(max(at, EARLIEST), LATEST), 6)
