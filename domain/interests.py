"""How interactions move a viewer's interests, and how the learned profile is read.

One accumulator per half-life class, never one number for several half-lives. Signals, weights and
half-lives are those of the original brief, section 6.1.
"""

from typing import Final

import msgspec

DAY: Final = 86_400.0
HALF_LIVES: Final = (3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, float("inf"))
MAX_ENTRIES: Final = 50


class Accumulator(msgspec.Struct, array_like=True):
    """Positive and negative sums per half-life class, as of the profile's ``at``."""

    positive: list[float]
    negative: list[float]


class InterestProfile(msgspec.Struct, array_like=True, kw_only=True):
    """What was learned about a viewer; at most 2 KB packed.

    ``fence`` is the sequence of the last record applied (``domain.fences``); ``at`` the reference
    time of all accumulators; ``liked`` and ``saved`` are the latest posts as stable keys,
    ``followed`` the creators followed at present. Packed by position: append with defaults.
    """

    fence: int = 0
    at: float = 0.0
    interactions: int = 0
    topics: dict[str, Accumulator] = {}
    creators: dict[str, Accumulator] = {}
    hashtags: dict[str, Accumulator] = {}
    liked: list[int] = []
    saved: list[int] = []
    followed: list[str] = []
    followed_hashtags: list[str] = []
    last_active: float = 0.0
