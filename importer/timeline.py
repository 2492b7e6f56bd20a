"""All facts of a folder in the order of their (shifted) time: users first, then as it happened."""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from importer.checked_rows import read_rows
from importer.files import ImportFile, Kind
from importer.rows import ROW_OF, Row, source_of_row, time_of
from importer.sorting import Timed, by_time
from importer.survey import FileSurvey, Survey

BEFORE_ALL: Final = float("-inf")
# Counts without a history are told as one step this long after the post: docs/importing.md.
FINAL_COUNTS_AFTER: Final = 3_600.0


class Fact(NamedTuple):
    """A row to tell at a time; `is_final` tells a post's undated counts, not the post."""

    at: float
    file: int
    line: int
    row: Row
    is_final: bool = False


class Calendar(NamedTuple):
    """Shifts each source's clock, so that its newest fact lies at `as_of`; None shifts nothing."""

    as_of: float | None
    newest: Mapping[str, float]

    def time(self, source: str, at: float) -> float:
        return at if self.as_of is None else at + (self.as_of - self.newest[source])

    def final(self, source: str, created_at: float) -> float:
        """When a post's undated counts are told: never after the source's newest fact."""
        newest = self.newest[source] if self.as_of is None else self.as_of
        return max(created_at, min(created_at + FINAL_COUNTS_AFTER, newest))


def facts(files: Sequence[ImportFile], survey: Survey, calendar: Calendar) -> Iterator[Fact]:
    """Every good row once, and every post's final counts; the same order each time."""
    streams: list[Iterator[Fact]] = []
    for index, file in enumerate(files):
        streams.append(_told(index, file, survey.files[index], calendar))
        if file.kind is Kind.POSTS:
            streams.append(_finals(index, file, survey.files[index], calendar))
    return heapq.merge(*streams, key=lambda fact: fact.at)


def count_facts(files: Sequence[ImportFile], survey: Survey) -> int:
    surveyed = list(zip(files, survey.files, strict=True))
    posts = sum(of_file.rows for file, of_file in surveyed if file.kind is Kind.POSTS)
    return sum(of_file.rows for of_file in survey.files) + posts


def _told(index: int, file: ImportFile, of_file: FileSurvey, calendar: Calendar) -> Iterator[Fact]:
    for at, line, row in _ordered(file, of_file, calendar):
        yield Fact(at, index, line, row)


def _finals(
    index: int, file: ImportFile, of_file: FileSurvey, calendar: Calendar
) -> Iterator[Fact]:
    for at, line, row in _ordered(file, of_file, calendar):
        yield Fact(calendar.final(source_of_row(row), at), index, line, row, is_final=True)


def _ordered(file: ImportFile, of_file: FileSurvey, calendar: Calendar) -> Iterator[Timed]:
    rows = _timed(file, calendar)
    return rows if of_file.ordered else by_time(rows, ROW_OF[file.kind])


def _timed(file: ImportFile, calendar: Calendar) -> Iterator[Timed]:
    for line, row in read_rows(file, _reported_before):
        at = time_of(row)
        yield Timed(BEFORE_ALL if at is None else calendar.time(source_of_row(row), at), line, row)


def _reported_before(_path: object, _line: int, _why: str) -> None:
    """The survey has reported every bad row already."""
