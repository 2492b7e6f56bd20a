"""What an import says while it runs: a bar at a terminal, a line now and then elsewhere."""

import sys
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self, TextIO

from typing_extensions import override

from runtime.clock import Clock

LINE_EVERY: Final = 5.0  # seconds


class Display(Protocol):
    """`told` and `total` count facts, `events` what was published for them in this run."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...
    def say(self, text: str) -> None: ...
    def advance(self, told: int, total: int, events: int) -> None: ...


class PlainLines(Display):
    """For logs and pipes."""

    def __init__(self, clock: Clock, stream: TextIO) -> None:
        self._clock = clock
        self._stream = stream
        self._began = self._spoken = clock.monotonic()
        self._first: int | None = None

    @override
    def __enter__(self) -> Self:
        return self

    @override
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stream.flush()

    @override
    def say(self, text: str) -> None:
        self._stream.write(f"{text}\n")
        self._stream.flush()

    @override
    def advance(self, told: int, total: int, events: int) -> None:
        now = self._clock.monotonic()
        if self._first is None:
            self._first, self._began = told, now
        if now - self._spoken < LINE_EVERY and told < total:
            return
        self._spoken = now
        elapsed = max(now - self._began, 0.001)
        speed = (told - self._first) / elapsed
        left = duration((total - told) / speed) if speed else "unknown time"
        share = told / total if total else 1.0
        self.say(
            f"{share:6.1%}  {told:,} of {total:,}  {events / elapsed:,.0f} events/s  {left} left"
        )


def duration(seconds: float) -> str:
    """As `1:02:03` or `2:03`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def report_bad_row(path: Path, line: int, why: str) -> None:
    sys.stderr.write(f"{path}:{line}: {why}\n")
