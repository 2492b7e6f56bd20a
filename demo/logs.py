"""The children's log files: bounded, and quotable in an error."""

import os
import shutil
from pathlib import Path

LARGEST = 20 * 2**20  # bytes; with the older half each child has at most twice as much

LONGEST_QUOTE = 64 * 1024  # bytes


def bound(log: Path, largest: int = LARGEST) -> None:
    """Move a log that has grown too large aside and empty it, while its writer goes on.

    Children append (O_APPEND), so their next line begins the emptied file. Lines written between
    copying and emptying are lost.
    """
    if log.exists() and log.stat().st_size > largest:
        shutil.copyfile(log, older(log))
        os.truncate(log, 0)


def older(log: Path) -> Path:
    return log.with_suffix(".older.log")


def size(log: Path) -> int:
    """In bytes; 0 where there is none yet."""
    return log.stat().st_size if log.exists() else 0


def last_lines(log: Path, count: int, since: int = 0) -> list[str]:
    """The last lines that were written after byte `since`, without empty ones."""
    if not log.exists():
        return []
    with log.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        begin = since if since <= end else 0  # it was emptied meanwhile
        file.seek(max(begin, end - LONGEST_QUOTE))
        text = file.read().decode(errors="replace")
    return [line for line in text.splitlines() if line.strip()][-count:]
