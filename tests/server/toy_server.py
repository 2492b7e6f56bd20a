"""The toy server as a process of its own: `python -m tests.server.toy_server`."""

import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

from runtime.clock import SystemClock
from runtime.logs import configure_logs
from runtime.settings import Settings, load_settings
from runtime.start import run_or_refuse
from server.app import Resources
from server.commands import run_server
from tests.server.toy_app import Toy


@asynccontextmanager
async def open_resources(_settings: Settings) -> AsyncGenerator[Resources]:
    yield replace(Toy(settings=os.environ).resources, clock=SystemClock())
    sys.stdout.write("resources closed\n")
    sys.stdout.flush()


def main() -> None:
    settings = load_settings(os.environ)
    configure_logs(settings.log_format, settings.log_level)
    run_server(settings, open_resources)


if __name__ == "__main__":
    run_or_refuse(main)
