"""What one partition knows about a post's engagement: totals, decayed sums, distinct people."""

import msgspec

WORLDWIDE = ""
MAX_REGIONS = 8
MAX_PEOPLE = 8


class Person(msgspec.Struct, array_like=True):
    """A short hash of a user id and when this person last reacted, in epoch seconds."""

    key: int
    at: float


class EngagementState(msgspec.Struct, array_like=True):
    """``sums[region]`` holds the decayed sums of HOUR, DAY and WEEK as of ``at`` (epoch seconds).

    ``people`` are the latest distinct ones, at most ``MAX_PEOPLE``; ``viral`` lists the windows
    whose threshold is crossed at present. Packed by position: append with defaults.
    """

    likes: int = 0
    comments: int = 0
    reposts: int = 0
    shares: int = 0
    saves: int = 0
    views: int = 0
    at: float = 0.0
    sums: dict[str, list[float]] = {}
    people: list[Person] = []
    viral: list[str] = []
