"""Progress on standard error: a bar at a terminal, a line now and then elsewhere."""

import sys
from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from runtime.clock import SystemClock

Item = TypeVar("Item")
SECONDS_BETWEEN_LINES: Final = 10.0
SECONDS_BETWEEN_DRAWS: Final = 0.2
BAR: Final = 30


def shown(items: Sequence[Item], what: str) -> Iterator[Item]:
    """The items, with how many are done, the rate and the time left."""
    clock, terminal = SystemClock(), sys.stderr.isatty()
    start = told = clock.monotonic()
    pause = SECONDS_BETWEEN_DRAWS if terminal else SECONDS_BETWEEN_LINES
    for done, item in enumerate(items):
        now = clock.monotonic()
        if now - told >= pause:
            told = now
            _tell(what, done, len(items), now - start, terminal=terminal)
        yield item
    if terminal:
        sys.stderr.write("\r\033[K")


def _tell(what: str, done: int, total: int, elapsed: float, *, terminal: bool) -> None:
    rate = done / elapsed
    left = (total - done) / rate if rate else 0.0
    facts = f"{what}: {done:,} of {total:,}, {rate:,.0f}/s, {left:.0f} s left"
    if terminal:
        filled = BAR * done // max(total, 1)
        sys.stderr.write(f"\r\033[K[{'#' * filled}{'.' * (BAR - filled)}] {facts}")
    else:
        sys.stderr.write(f"{facts}\n")
    sys.stderr.flush()
