"""Work that a consumer does by the clock."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Periodic:
    """``work`` every ``seconds``, for the first time at once; it may fail and comes again."""

    name: str
    seconds: float
    work: Callable[[], Awaitable[object]]
