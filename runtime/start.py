"""How a process refuses to start: one line that names the cause and the remedy, exit status 2."""

import sys
from collections.abc import Callable

STATUS = 2


class CannotStart(Exception):
    """Something outside the code that keeps the process from starting; the text is for people."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}: {remedy}")
        self.problem = problem
        self.remedy = remedy


def run_or_refuse(main: Callable[[], int | None]) -> None:
    """Run a process's `main` and leave with its status; every `__main__` goes through here.

    Raises:
        SystemExit: always; 2 with one line on standard error for `CannotStart`, 130 for Ctrl-C.

    """
    try:
        status = main()
    except CannotStart as refusal:
        sys.stderr.write(f"{refusal}\n")
        status = STATUS
    except KeyboardInterrupt:
        status = 130
    sys.exit(status or 0)
