"""What a rebuild shows of itself: a line for each part, with rate and time left."""

import sys
from typing import Final, TextIO

from runtime.clock import Clock

INTERVAL: Final = 0.2  # seconds between two looks


class Shown:
    """Written over itself on a terminal; elsewhere only the end of each part is told."""

    def __init__(self, clock: Clock, output: TextIO = sys.stderr) -> None:
        self._clock = clock
        self._output = output
        self._part = ""
        self._total = 0
        self._done = 0
        self._started = 0.0
        self._said = 0.0

    def begin(self, part: str, total: int) -> None:
        self._part, self._total, self._done = part, total, 0
        self._started = self._said = self._clock.monotonic()

    def advance(self, count: int = 1) -> None:
        self._done += count
        now = self._clock.monotonic()
        if self._output.isatty() and now - self._said >= INTERVAL:
            self._said = now
            rate = self._done / max(now - self._started, 1e-9)
            left = max(0, self._total - self._done) / max(rate, 1e-9)
            self._output.write(
                f"\r{self._part}: {self._done:,} of {self._total:,},"
                f" {rate:,.0f}/s, {left:,.0f} s left \x1b[K"
            )
            self._output.flush()

    def end(self) -> None:
        seconds = self._clock.monotonic() - self._started
        start = "\r" if self._output.isatty() else ""
        self._output.write(f"{start}{self._part}: {self._done:,} in {seconds:,.1f} s\n")
        self._output.flush()
