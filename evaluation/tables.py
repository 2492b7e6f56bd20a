"""Tables of results: rows of named metrics, for people and as JSON."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

DIGITS: Final = 6
CELL: Final = 12


@dataclass(frozen=True, slots=True)
class Row:
    """``product`` marks the row made by the product's own code."""

    name: str
    metrics: Mapping[str, float]
    product: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``start`` and ``end`` are the dates of the tested span; ``cases`` what was counted.

    ``bands`` tell what becomes of the cases by the scores as they are served.
    """

    name: str
    rows: Sequence[Row]
    cases: Mapping[str, int]
    start: str | None = None
    end: str | None = None
    set: str | None = None
    bands: Sequence[Row] = ()

    def plain(self) -> dict[str, object]:
        """The table as the contract's JSON object."""
        head: dict[str, object] = {"table": self.name}
        if self.set is not None:
            head["set"] = self.set
        head |= {"from": self.start, "to": self.end} | dict(self.cases)
        head |= {"rows": [_plain(row) for row in self.rows]}
        return head | ({"bands": [_plain(row) for row in self.bands]} if self.bands else {})

    def text(self) -> str:
        """The table in columns, the product's rows marked with ``>``."""
        title = self.name if self.set is None else f"{self.name}: {self.set}"
        span = f", {self.start} to {self.end}" if self.start else ""
        counted = "".join(f", {count:,} {name}" for name, count in self.cases.items())
        lines = [f"{title}{span}{counted}", *(_columns(self.rows) or ["  nothing to tell"])]
        if self.bands:
            lines += ["  as served:", *_columns(self.bands)]
        return "\n".join(lines)


def _plain(row: Row) -> dict[str, object]:
    """Null is what cannot be told, such as the area under a curve of one class."""
    plain: dict[str, object] = {"name": row.name, "product": row.product}
    for name, value in row.metrics.items():
        plain[name] = None if math.isnan(value) else round(value, DIGITS)
    return plain


def _columns(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return []
    names = list(dict.fromkeys(name for row in rows for name in row.metrics))
    width = max(len(row.name) for row in rows)
    lines = [f"  {'':{width}} " + " ".join(f"{name:>{_width(name)}}" for name in names)]
    for row in rows:
        cells = " ".join(
            f"{row.metrics[name]:{_width(name)}.4f}" if name in row.metrics else " " * _width(name)
            for name in names
        )
        lines.append(f"{'>' if row.product else ' '} {row.name:{width}} {cells}")
    return lines


def _width(name: str) -> int:
    return max(len(name), CELL)


def as_json(tables: Sequence[Table], *, together: bool) -> str:
    """One table's object, or the list of all that were asked for ``together``."""
    plain = [table.plain() for table in tables]
    return (
        json.dumps(plain if together or len(plain) != 1 else plain[0], indent=2, allow_nan=False)
        + "\n"
    )
