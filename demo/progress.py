"""What the demo tells its user: plain lines; those about progress are dimmed at a terminal."""

import os
import sys

from rich.console import Console
from typing_extensions import override


class Progress(Console):
    """Lines on standard output, which may end before we do."""

    def __init__(self) -> None:
        super().__init__(highlight=False, markup=False, emoji=False, soft_wrap=True)

    def report(self, line: str) -> None:
        """Tell what is going on."""
        self.print(line, style="dim")

    @override
    def on_broken_pipe(self) -> None:
        """Nobody reads any more: go on in silence."""
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, sys.stdout.fileno())
        os.close(silence)
