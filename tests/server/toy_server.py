"""The toy server as a process of its own: `python -m tests.server.toy_server`."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

from runtime.clock import SystemClock
from runtime.logs import configure_logs
from runtime.settings import Settings, load_settings
from runtime.start import CannotStart, run_or_refuse
from server.app import Resources
from server.commands import run_server
from server.health import Readiness
from tests.server.toy_app import Toy


@asynccontextmanager
async def open_resources(_settings: Settings, readiness: Readiness) -> AsyncGenerator[Resources]:
    """Once the store at the port `TOY_STORE`, if there is one, has said `yes`."""
    if store := os.environ.get("TOY_STORE"):
        answers, asking = await asyncio.open_connection("127.0.0.1", int(store))
        answer = await answers.readline()
        asking.close()
        if answer != b"yes\n":
            raise CannotStart("The toy store says no", "make it say yes")
    toy = Toy(settings=os.environ)
    yield replace(toy.resources, clock=SystemClock(), readiness=readiness)
    sys.stdout.write("resources closed\n")
    sys.stdout.flush()


def main() -> None:
    settings = load_settings(os.environ)
    configure_logs(settings.log_format, settings.log_level)
    run_server(settings, open_resources)


if __name__ == "__main__":
    run_or_refuse(main)
