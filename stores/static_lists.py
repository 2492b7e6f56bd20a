"""The lists of last resort in a file: a consumer writes it, the API reads it without an engine."""

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from domain.ports.snapshots import Snapshot
from domain.posts import PostRecord


class _List(msgspec.Struct, array_like=True):
    name: str
    computed_at: float
    records: list[PostRecord]
    scores: list[float]


class StaticListFile:
    """One file; replaced as a whole, so that a reader never sees half of it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Sequence[Snapshot]:
        """The lists; none where there is no usable file."""
        try:
            lists = msgspec.msgpack.decode(self._path.read_bytes(), type=list[_List])
        except (OSError, msgspec.DecodeError):
            return []
        return [
            Snapshot(one.name, one.computed_at, one.records, np.array(one.scores)) for one in lists
        ]

    def write(self, snapshots: Sequence[Snapshot]) -> None:
        """Replace the file; its folder is made where it is missing.

        Raises:
            OSError: it cannot be written.

        """
        lists = [
            _List(one.name, one.computed_at, list(one.records), one.scores.tolist())
            for one in snapshots
        ]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_suffix(f".{os.getpid()}")
        temporary.write_bytes(msgspec.msgpack.encode(lists))
        temporary.replace(self._path)
