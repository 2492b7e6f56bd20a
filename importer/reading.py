"""Lines of gzipped files in bounded memory; what cannot be read is reported and left out."""

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
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
                    yield number, line.rstrip(b"\r\n")
                    continue
                while (rest := lines.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                    pass
                report(path, number, f"the line is longer than {LONGEST_LINE:,} bytes")
    except (OSError, EOFError, zlib.error) as failure:
        report(path, number + 1, f"the file cannot be read on from here ({failure})")


def read_table(
    path: Path, columns: Sequence[str], report: Report
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Numbered rows of a CSV file with a header that has at least `columns`."""
    texts = _Texts(path, report)
    rows = _rows(texts, report)
    header = next(rows, None)
    if header is None:
        return
    if missing := [column for column in columns if column not in header]:
        report(path, 1, f"the header lacks {', '.join(missing)}")
        return
    for row in rows:
        if len(row) == len(header):
            yield texts.number, dict(zip(header, row, strict=True))
        elif row:
            report(path, texts.number, f"has {len(row)} fields, the header {len(header)}")


class _Texts:
    """The decoded lines of a file; `number` is that of the latest."""

    def __init__(self, path: Path, report: Report) -> None:
        self.path = path
        self.number = 0
        self._lines = read_lines(path, report)
        self._report = report

    def __iter__(self) -> Iterator[str]:
        for number, line in self._lines:
            self.number = number
            try:
                yield line.decode() + "\n"
            except UnicodeDecodeError:
                self._report(self.path, number, "the line is not UTF-8")


def _rows(texts: _Texts, report: Report) -> Iterator[list[str]]:
    reader = csv.reader(texts, strict=True)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as failure:
            report(texts.path, texts.number, f"not a CSV row ({failure})")
