"""Tables of results: rows of named metrics, for people and as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Row:
    """``product`` marks the row made by the product's own code."""

    name: str
    metrics: Mapping[str, float]
    product: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``start`` and ``end`` are the dates of the tested span; ``cases`` what was counted."""

    name: str
    rows: Sequence[Row]
    cases: Mapping[str, int]
    start: str | None = None
    end: str | None = None
    set: str | None = None

    def plain(self) -> dict[str, object]:
        """The table as the contract's JSON object."""
        head: dict[str, object] = {"table": self.name}
        if self.set is not None:
            head["set"] = self.set
        rows = [
            {"name": row.name, "product": row.product}
            | {name: round(value, DIGITS) for name, value in row.metrics.items()}
            for row in self.rows
        ]
        return head | {"from": self.start, "to": self.end} | dict(self.cases) | {"rows": rows}

    def text(self) -> str:
        """The table in columns, the product's rows marked with ``>``."""
        names = list(dict.fromkeys(name for row in self.rows for name in row.metrics))
        width = max(len(row.name) for row in self.rows)
        head = " ".join(f"{name:>12}" for name in names)
        title = self.name if self.set is None else f"{self.name}: {self.set}"
        span = f", {self.start} to {self.end}" if self.start else ""
        counted = "".join(f", {count:,} {name}" for name, count in self.cases.items())
        lines = [f"{title}{span}{counted}", f"  {'':{width}} {head}"]
        for row in self.rows:
            cells = " ".join(
                f"{row.metrics[name]:12.4f}" if name in row.metrics else " " * 12 for name in names
            )
            lines.append(f"{'>' if row.product else ' '} {row.name:{width}} {cells}")
        return "\n".join(lines)


def as_json(tables: Sequence[Table], *, together: bool) -> str:
    """One table's object, or the list of all that were asked for ``together``."""
    plain = [table.plain() for table in tables]
    return json.dumps(plain if together or len(plain) != 1 else plain[0], indent=2) + "\n"
