"""`python -m schema [--check | --release]`: `schema/schema.graphql` and the manifest, generated.

The schema is put together in `resolvers`, which lies above this package: it is loaded by name, as
any tool outside would load it.
"""

import argparse
import sys
from importlib import import_module
from pathlib import Path

import strawberry

from schema.generated import RELEASED, SDL, InvalidOperation, outdated, write

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m schema", description=__doc__)
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--check", action="store_true", help="write nothing; fail where a file is not up to date"
    )
    choice.add_argument(
        "--release",
        action="store_true",
        help="keep the schema as the one that later ones must not break",
    )
    arguments = parser.parse_args()
    schema: strawberry.Schema = import_module("resolvers.root").create_schema()
    try:
        stale = outdated(ROOT, schema)
    except InvalidOperation as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if arguments.check:
        for path in stale:
            name = path.relative_to(ROOT)
            sys.stderr.write(f"{name} is not up to date: run `make schema` and commit it.\n")
        return 1 if stale else 0
    for path in write(ROOT, schema):
        sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")
    if arguments.release:
        (ROOT / RELEASED).write_text((ROOT / SDL).read_text())
        sys.stdout.write(f"wrote {RELEASED}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
