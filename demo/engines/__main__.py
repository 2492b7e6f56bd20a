"""The engines alone, for tests and tools.

usage: python -m demo.engines [--engines embedded|real] [--state DIR]

Runs until SIGINT or SIGTERM. When all are ready it prints their settings as one line of JSON.
Without --state they are thrown away at the end. Engines whose setting is given are not started.
"""

import argparse
import asyncio
import os
import sys
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec

from demo.engines.places import assign_randomly
from demo.engines.plan import plan
from demo.engines.selection import Kind, chosen
from demo.failures import ChildFailure
from demo.state import claimed, temporary
from demo.supervisor import Supervisor
from runtime.settings import ENGINES
from runtime.start import run_or_refuse


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m demo.engines",
        description="The engines alone, on free ports; settings as JSON when they are ready.",
    )
    kinds = [kind.value for kind in Kind]
    parser.add_argument("--engines", choices=kinds, default=Kind.EMBEDDED.value)
    parser.add_argument("--state", type=Path, help="keep the data there")
    options = parser.parse_args()
    folder: AbstractContextManager[Path] = claimed(options.state) if options.state else temporary()
    try:
        with folder as state:
            asyncio.run(_serve(Kind(options.engines), state, throw_away=options.state is None))
    except ChildFailure as failure:
        _report(str(failure))
        return 1
    return 0


async def _serve(kind: Kind, state: Path, *, throw_away: bool) -> None:
    given = {name: os.environ[name] for name in ENGINES if os.environ.get(name)}
    engines = chosen(kind, state, given, _report, throw_away=throw_away)
    planned = plan(engines, assign_randomly(engines, reserved=0), given)

    def tell() -> None:
        sys.stdout.write(msgspec.json.encode(planned.settings).decode() + "\n")
        sys.stdout.flush()

    await Supervisor(planned.stages, _report).run(tell)


def _report(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    run_or_refuse(main)
