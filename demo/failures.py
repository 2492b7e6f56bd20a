"""Why the demo ends on its own. What keeps it from starting is `runtime.start.CannotStart`."""

from collections.abc import Sequence
from pathlib import Path

from runtime.start import CannotStart

QUOTED_LINES = 12


class ChildFailure(Exception):
    """A process of the demo failed in a way that starting it again does not mend."""

    def __init__(self, problem: str, log: Path | None, lines: Sequence[str]) -> None:
        quoted = "".join(f"\n    {line}" for line in lines)
        where = f"; the end of {log}:{quoted}" if log else ""
        super().__init__(f"{problem}{where}")


class KeepsDying(ChildFailure):
    def __init__(
        self, name: str, deaths: int, status: int, log: Path, lines: Sequence[str]
    ) -> None:
        problem = f"{name} died {deaths} times in a minute, lastly {describe(status)}"
        super().__init__(problem, log, lines)


class StepFailed(ChildFailure):
    def __init__(self, name: str, status: int, log: Path | None, lines: Sequence[str]) -> None:
        super().__init__(f"{name} {describe(status)}", log, lines)


class Refused(CannotStart):
    """A process ended with status 2 before it was ready: its own last line says why."""

    def __init__(self, name: str, lines: Sequence[str]) -> None:
        super().__init__(f"{name} does not start", lines[-1] if lines else "it gave no reason")


class SaidItself(Exception):
    """A step ended with status 2 and said why on our terminal: there is nothing to add."""


class NotReady(CannotStart):
    def __init__(self, name: str, seconds: float, remedy: str) -> None:
        super().__init__(f"{name} was not ready within {seconds:g} s", remedy)


def describe(status: int) -> str:
    """What an exit status says, as part of a sentence."""
    return f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
