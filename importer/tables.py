"""CSV files with a header: quoted fields may span lines, an unclosed quote costs its row alone."""

import csv
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Self

from importer.reading import Report, read_lines

LONGEST_FIELD: Final = 131_072  # characters


class _Line(NamedTuple):
    number: int
    text: str


class _Row(NamedTuple):
    number: int  # of its first line
    fields: Sequence[str]


def read_table(
    path: Path, columns: Sequence[str], report: Report
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Rows of a CSV file with a header that has at least `columns`, by their first line."""
    csv.field_size_limit(LONGEST_FIELD)  # of the whole process: others may have had their own
    rows = _Rows(path, report)
    header = next(rows, None)
    if header is None:
        return
    if missing := [column for column in columns if column not in header.fields]:
        report(path, header.number, f"the header lacks {', '.join(missing)}")
        return
    width = len(header.fields)
    for number, fields in rows:
        if len(fields) != width:
            if fields:
                report(path, number, f"has {len(fields)} fields, the header {width}")
                rows.read_again()
        elif "\0" in "".join(fields):
            report(path, number, "has a NUL character, which no store keeps")
        else:
            yield number, dict(zip(header.fields, fields, strict=True))


class _Rows:
    """Rows as `csv` understands them; what it does not is reported by its first line.

    A quote that nobody closed makes one row of all the lines up to the next quote, or of as many
    as a field may hold. So whatever follows the first line of a bad row is read again.
    """

    def __init__(self, path: Path, report: Report) -> None:
        self._path: Final = path
        self._report: Final = report
        self._fresh: Final = self._decoded()
        self._again: Final[deque[_Line]] = deque()
        self._row: Final[list[_Line]] = []  # the lines of the latest row
        self._reader = csv.reader(self._texts(), strict=True)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> _Row:
        while True:
            self._row.clear()
            try:
                fields = next(self._reader)
            except csv.Error as failure:
                self._report(self._path, self._row[0].number, f"not a CSV row ({failure})")
                self.read_again()
            else:
                return _Row(self._row[0].number, fields)

    def read_again(self) -> None:
        """Go back to behind the first line of the latest row."""
        self._again.extendleft(reversed(self._row[1:]))
        self._reader = csv.reader(self._texts(), strict=True)

    def _texts(self) -> Iterator[str]:
        while line := self._again.popleft() if self._again else next(self._fresh, None):
            self._row.append(line)
            yield line.text

    def _decoded(self) -> Iterator[_Line]:
        for number, line in read_lines(self._path, self._report):
            try:
                yield _Line(number, line.decode() + "\n")
            except UnicodeDecodeError:
                self._report(self._path, number, "the line is not UTF-8")
