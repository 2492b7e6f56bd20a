"""Tiny children: each notes in a file what happens to it."""

import sys
from dataclasses import dataclass
from pathlib import Path

from demo.children import Child, Step

NOTES = """
import os, signal, sys, time
name, notes = sys.argv[1:3]
def note(what):
    with open(notes, "a") as file:
        file.write(f"{name} {what}\\n")
"""
STAYS = """
def stop(*_):
    note("stops")
    sys.exit()
signal.signal(signal.SIGTERM, stop)
note("starts")
while True:
    signal.pause()
"""
IGNORES = """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
note("starts")
while True:
    signal.pause()
"""
FORKS = """
if os.fork() == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    note(f"forked {os.getpid()}")
    while True:
        signal.pause()
"""


@dataclass(frozen=True)
class Scripts:
    """Children and steps whose notes and logs lie in one folder."""

    folder: Path

    @property
    def notes(self) -> list[str]:
        file = self.folder / "notes"
        return file.read_text().splitlines() if file.exists() else []

    def command(self, name: str, script: str) -> tuple[str, ...]:
        return (sys.executable, "-S", "-c", NOTES + script, name, str(self.folder / "notes"))

    def child(self, name: str, script: str = STAYS) -> Child:
        """A child that is ready when it has noted something since its start."""
        earlier = 0

        async def before() -> None:
            nonlocal earlier
            earlier = len(self.notes)

        async def noted() -> bool:
            return any(note.startswith(f"{name} ") for note in self.notes[earlier:])

        return Child(
            name=name,
            command=self.command(name, script),
            environment={},
            log=self.folder / f"{name}.log",
            ready=noted,
            before=before,
        )

    def step(self, name: str, script: str) -> Step:
        log = self.folder / f"{name}.log"
        return Step(name=name, command=self.command(name, script), environment={}, log=log)
