"""Run the benchmarks: ``python -m benchmarks [NAME ...]``; all of them where none is named.

Each is a module of this folder with ``main()`` and prints its figures beside a control measured in
the same run.
"""

import argparse
import importlib
import os
import pkgutil
import sys
from pathlib import Path

from runtime.linear_algebra import settle


def names() -> list[str]:
    folder = Path(__file__).parent
    return sorted(
        module.name for module in pkgutil.iter_modules([str(folder)]) if module.name[0] != "_"
    )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "name", nargs="*", choices=[[], *names()], metavar="NAME", help=", ".join(names())
    )
    chosen = parser.parse_args(arguments).name or names()
    settle(os.environ)  # as consumers compute; numpy is not loaded yet
    for name in chosen:
        print(f"\n== {name}")
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
