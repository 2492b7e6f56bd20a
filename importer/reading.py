"""Lines of gzipped files in bounded memory; what cannot be read is reported and left out."""

import gzip
import zlib
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

Report = Callable[[Path, int, str], None]
LONGEST_LINE: Final = 900_000  # bytes; brokers take records of up to a mebibyte


class BadRow(Exception):
    """Why a row cannot be imported, in words for whoever mends the file."""


def read_lines(path: Path, report: Report) -> Iterator[tuple[int, bytes]]:
    """Numbered lines from 1, without their ends; a file that breaks off ends where it breaks."""
    number = 0
    try:
        with gzip.open(path, "rb") as lines:
            while line := lines.readline(LONGEST_LINE):
                number += 1
                if len(line) < LONGEST_LINE or line.endswith(b"\n"):
                    yield number, _plain(line, number)
                    continue
                while (rest := lines.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                    pass
                report(path, number, f"the line is longer than {LONGEST_LINE:,} bytes")
    except (OSError, EOFError, zlib.error) as failure:
        report(path, number + 1, f"the file cannot be read on from here ({failure})")


def _plain(line: bytes, number: int) -> bytes:
    """The line without its end and, if it is the first one, without what editors put before it."""
    return (line.removeprefix(BOM_UTF8) if number == 1 else line).rstrip(b"\r\n")
