"""Why something that an answer is made of is missing from it, or old."""

from enum import StrEnum


class Lack(StrEnum):
    TIMEOUT = "timeout"
    """It did not come while the request could wait."""
    UNAVAILABLE = "unavailable"
    """Its store is away, or was skipped because too much waits for it already."""
    STALE = "stale"
    """It is an older one that was held."""
