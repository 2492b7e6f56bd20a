"""What the supervisor runs, as data: children that stay, steps that end, and gates to wait at."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from signal import Signals

Hook = Callable[[], Awaitable[None]]
Probe = Callable[[], Awaitable[bool]]


async def nothing() -> None:
    """The hook that does nothing."""


async def runs() -> bool:
    """Probe of a child that is ready as soon as it runs."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A process that is kept alive; times are in seconds."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    ready: Probe = runs
    ready_seconds: float = 60.0
    stop_signal: Signals = Signals.SIGTERM
    stop_seconds: float = 2.0
    before: Hook = nothing  # awaited before each start
    on_started: Hook = nothing  # awaited each time it became ready
    largest_memory: int | None = None  # bytes; started anew beyond it, once all are ready
    restarts: frozenset[str] = frozenset()  # stopped before it is started again, started after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A process that has to end with status 0 before the next stage begins."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path | None = None  # None: it writes to our terminal
    stop_seconds: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A condition that has to hold before the next stage begins."""

    name: str
    open: Probe
    seconds: float
    remedy: str  # what to do if it does not open in time


Stage = tuple[Child, ...] | Step | Gate
