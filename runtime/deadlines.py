"""One deadline per request, kept in a context variable, that every call below it obeys."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from runtime.fair_timeout import MOST_LATE, FairTimeout

LEAST_USEFUL = 0.005  # seconds; a call that has less is not started: it could only be cut off

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


class DeadlinePassed(TimeoutError):
    """Too little of the request's time is left to start another call."""


@contextmanager
def within(seconds: float) -> Generator[None]:
    """Everything inside has at most `seconds`; an enclosing deadline is never extended."""
    now = asyncio.get_running_loop().time()
    enclosing = _deadline.get()
    own = now + seconds
    token = _deadline.set(own if enclosing is None else min(own, enclosing))
    try:
        yield
    finally:
        _deadline.reset(token)


def remaining() -> float | None:
    """Seconds left, not negative; None outside any deadline."""
    deadline = _deadline.get()
    if deadline is None:
        return None
    return max(0.0, deadline - asyncio.get_running_loop().time())


def bounded(cap: float) -> FairTimeout:
    """Enter it around one call: the call gets `cap` seconds or what the request has left.

    Raises:
        DeadlinePassed: at once, where under 5 ms are left.
        TimeoutError: from the `async with`, when the time is over.

    """
    now = asyncio.get_running_loop().time()
    deadline = _deadline.get()
    if deadline is None:
        return FairTimeout(now + cap, now + cap + MOST_LATE)
    if deadline - now < LEAST_USEFUL:
        raise DeadlinePassed
    return FairTimeout(min(now + cap, deadline), deadline)
