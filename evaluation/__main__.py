"""``python -m evaluation``: how good the ranking is, on real data; served responses again."""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from evaluation import (
    discovery,
    ml100k,
    movielens,
    recommendations,
    replay,
    safety,
    topics,
    trending,
)
from evaluation.data import UnusableData
from evaluation.spans import Asked
from evaluation.tables import Table, as_json
from runtime.start import run_or_refuse

USAGE_ERROR: Final = 2
REPLAY: Final = "replay"


def main(arguments: Sequence[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == [REPLAY]:
        return replay.command(given[1:])
    options = _parser().parse_args(given)
    together = options.table == "all"
    if together and not options.data.is_dir():  # a table that needs no folder would hide it
        print(f"{options.data} is no folder: name the one with posts/ and so on", file=sys.stderr)
        return USAGE_ERROR
    if options.json is not None and not options.json.parent.is_dir():  # before hours of work
        print(
            f"{options.json.parent} is no folder: --json needs one that is there", file=sys.stderr
        )
        return USAGE_ERROR
    makers = [make for name, make in _TABLES if together or name == options.table]
    tables: list[Table] = []
    try:
        asked = Asked(options.first, options.last)
        for make in makers:
            tables += _shown(make, options.data, asked, together=together)
        if options.json is not None and tables:
            options.json.write_text(as_json(tables, together=together))
    except (UnusableData, OSError) as error:
        print(error, file=sys.stderr)
        return USAGE_ERROR
    return 0 if tables else USAGE_ERROR


Make = Callable[[Path, Asked], Sequence[Table]]


def _shown(make: Make, folder: Path, asked: Asked, *, together: bool) -> Sequence[Table]:
    """The tables, printed; where a file is missing, a line that says so."""
    try:
        tables = make(folder, asked)
    except UnusableData as error:
        print(f"skipped: {error}" if together else error, file=sys.stderr)
        return ()
    for table in tables:
        print(table.text(), end="\n\n", flush=True)
        missing = ", ".join(f"no {what}" for what, count in table.cases.items() if not count)
        if missing:
            print(f"{table.name}: {missing}, so that its numbers say nothing", file=sys.stderr)
    return tables


_TABLES: Final[Sequence[tuple[str, Make]]] = (
    ("trending", lambda folder, asked: [trending.evaluate(folder, asked)]),
    ("recommendations", lambda folder, asked: [recommendations.evaluate(folder, asked)]),
    ("movielens", lambda folder, _asked: [movielens.evaluate_latest(folder)]),
    ("movielens", lambda folder, _asked: ml100k.evaluate(folder)),
    ("safety", lambda folder, _asked: safety.evaluate(folder)),
    ("topics", lambda folder, _asked: topics.evaluate(folder)),
    ("discovery", lambda folder, asked: [discovery.evaluate(folder, asked)]),
)
NAMES: Final = tuple(dict.fromkeys(name for name, _ in _TABLES))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evaluation",
        description="Replay real data through the product's own ranking and tell how good it is.",
        epilog="`python -m evaluation replay REQUEST_ID` makes a served response again.",
    )
    parser.add_argument("table", choices=("all", *NAMES), help="which table")
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="folder with posts/ and so on"
    )
    parser.add_argument(
        "--from", dest="first", type=date.fromisoformat, metavar="DATE", help="first day tested"
    )
    parser.add_argument(
        "--to", dest="last", type=date.fromisoformat, metavar="DATE", help="last day tested"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the tables there, too")
    return parser


if __name__ == "__main__":
    run_or_refuse(main)
