"""The processes that a process has started, and theirs; from /proc, so on Linux only."""

import asyncio
import time
from collections.abc import Callable, Iterable
from pathlib import Path

PROC = Path("/proc")


def parents() -> dict[int, int]:
    """Parent by process; without processes that have ended and were not waited for."""
    found: dict[int, int] = {}
    for folder in PROC.glob("[0-9]*"):
        try:
            # The name in parentheses may hold anything; the state and the parent follow it.
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue  # it ended while we looked
        if state != "Z":
            found[int(folder.name)] = int(parent)
    return found


def descendants(pid: int) -> set[int]:
    by_process = parents()
    found: set[int] = set()
    grown = {pid}
    while grown:
        grown = {child for child, parent in by_process.items() if parent in grown}
        found |= grown
    return found


def alive(pids: Iterable[int]) -> set[int]:
    return set(pids) & parents().keys()


def wait_until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Return when the condition holds; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


async def eventually(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """`wait_until` that lets other tasks run."""
    async with asyncio.timeout(seconds):
        while True:
            if condition():
                return
            await asyncio.sleep(0.01)
