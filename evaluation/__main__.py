"""``python -m evaluation``: how good the ranking is, on real data; served responses again."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from evaluation import discovery, movielens, recommendations, replay, safety, topics, trending
from evaluation.data import Span, UnusableData
from evaluation.tables import Table, as_json
from runtime.start import run_or_refuse

USAGE_ERROR: Final = 2
REPLAY: Final = "replay"


def main(arguments: Sequence[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == [REPLAY]:
        return replay.command(given[1:])
    options = _parser().parse_args(given)
    span = (options.first, options.last)
    asked = list(_TABLES) if options.table == "all" else [options.table]
    tables: list[Table] = []
    try:
        for name in asked:
            for table in _TABLES[name](options.data, span):
                print(table.text(), end="\n\n", flush=True)
                tables.append(table)
        if options.json is not None:
            options.json.write_text(as_json(tables, together=options.table == "all"))
    except (UnusableData, OSError) as error:
        print(error, file=sys.stderr)
        return USAGE_ERROR
    return 0


Asked = tuple[date | None, date | None]


def _trending(folder: Path, asked: Asked) -> list[Table]:
    return [trending.evaluate(folder, _span(asked, trending.DEFAULT))]


def _recommendations(folder: Path, asked: Asked) -> list[Table]:
    return [recommendations.evaluate(folder, _span(asked, recommendations.DEFAULT))]


def _discovery(folder: Path, asked: Asked) -> list[Table]:
    return [discovery.evaluate(folder, _span(asked, recommendations.DEFAULT))]


def _movielens(folder: Path, _asked: Asked) -> list[Table]:
    return movielens.evaluate(folder)


def _safety(folder: Path, _asked: Asked) -> list[Table]:
    return safety.evaluate(folder)


def _topics(folder: Path, _asked: Asked) -> list[Table]:
    return topics.evaluate(folder)


def _span(asked: Asked, default: Span) -> Span:
    span = Span(asked[0] or default.first, asked[1] or default.last)
    if span.last < span.first:
        raise UnusableData(f"--from {span.first} lies after --to {span.last}")
    return span


_TABLES: Final[Mapping[str, Callable[[Path, Asked], list[Table]]]] = {
    "trending": _trending,
    "recommendations": _recommendations,
    "movielens": _movielens,
    "safety": _safety,
    "topics": _topics,
    "discovery": _discovery,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evaluation",
        description="Replay real data through the product's own ranking and tell how good it is.",
        epilog="`python -m evaluation replay REQUEST_ID` makes a served response again.",
    )
    parser.add_argument("table", choices=("all", *_TABLES), help="which table")
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
