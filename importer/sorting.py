"""Sorting more rows than memory should hold: sorted runs on disk, merged as they are read."""

import heapq
from collections.abc import Iterator
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Final, NamedTuple

import msgspec

from importer.rows import Row

RUN: Final = 20_000  # rows in memory at a time
_LENGTH: Final = 4  # bytes


class Timed(NamedTuple):
    """A row with its shifted time in epoch seconds and its line."""

    at: float
    line: int
    row: Row


def by_time(rows: Iterator[Timed], kind: type[Row]) -> Iterator[Timed]:
    """The rows, all of one kind, by time, then by line; about `RUN` in memory at once."""
    runs: list[IO[bytes]] = []
    last: list[Timed] = []
    while chunk := sorted(islice(rows, RUN), key=_place):
        if last:
            runs.append(_written(last))
        last = chunk
    return heapq.merge(*(_read(run, kind) for run in runs), iter(last), key=_place)


def _place(timed: Timed) -> tuple[float, int]:
    return timed.at, timed.line


def _written(rows: list[Timed]) -> IO[bytes]:
    run = TemporaryFile()  # noqa: SIM115 - closed when its rows are read
    encode = msgspec.msgpack.Encoder().encode
    for timed in rows:
        packed = encode(timed)
        run.write(len(packed).to_bytes(_LENGTH, "big") + packed)
    return run


def _read(run: IO[bytes], kind: type[Row]) -> Iterator[Timed]:
    decoder = msgspec.msgpack.Decoder(tuple[float, int, kind])
    with run:
        run.seek(0)
        while head := run.read(_LENGTH):
            yield Timed(*decoder.decode(run.read(int.from_bytes(head, "big"))))
