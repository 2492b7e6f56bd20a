"""`python -m schema [--check]`: the generated files, `schema/schema.graphql` and the manifest.

The schema is put together in `resolvers`, which lies above this package: it is loaded by name, as
any tool outside would load it.
"""

import argparse
import sys
from importlib import import_module
from pathlib import Path

import strawberry

from schema.generated import InvalidOperation, outdated, write

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m schema", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail where a file is not up to date"
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
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
