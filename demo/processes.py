"""The product's own processes as the supervisor's stages: the whole demo on one screen."""

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from demo import probes
from demo.addresses import reachable
from demo.children import Child, Gate, Stage, Step
from demo.first_list import first_list
from demo.options import Options
from demo.topics import OwnTopics
from runtime.settings import load_settings

FIRST_POOLS_SECONDS: Final = 60.0
DRAINING: Final = 3.0  # seconds to stop, for those who end what they have in hand


def product(settings: Mapping[str, str], options: Options, state: Path) -> tuple[Stage, ...]:
    """Migrations, then API and consumers, then content, then people."""
    environment = {**os.environ, **settings}
    logs = state / "logs"
    port = int(settings["EXPLORE_HTTP_PORT"])
    host = reachable(settings["EXPLORE_HTTP_HOST"])

    def child(name: str, *arguments: str) -> Child:
        log = logs / f"{name}.log"
        return Child(
            name=name,
            command=_python(*arguments),
            environment=environment,
            log=log,
            stop_seconds=2.0,
        )

    def step(name: str, *arguments: str, log: Path | None) -> Step:
        command = _python(*arguments)
        return Step(name=name, command=command, environment=environment, log=log, stop_seconds=1.5)

    api = replace(
        child("api", "server"), ready=probes.http(port, "/startupz", host), stop_seconds=DRAINING
    )
    consumers = child("consumers", "consumers", "all")
    consumers = replace(
        consumers, before=OwnTopics(load_settings(settings)).make, stop_seconds=DRAINING
    )
    content = (
        step("the import", "importer", str(options.data.resolve()), log=None)
        if options.data
        else step("filling the demo world", "demo.fill", log=None)
    )
    # Made-up posts would stand among real ones.
    made_up = ("--no-posts",) if options.data else ()
    people = (child("simulator", "demo.simulator", "--rate", str(options.rate), *made_up),)
    return (
        step("the migrations", "migrations", "upgrade", log=logs / "migrations.log"),
        (api, consumers),
        content,
        Gate(
            name="the first list",
            open=first_list(port, host),
            seconds=FIRST_POOLS_SECONDS,
            remedy=f"see {logs / 'consumers.log'} and {logs / 'api.log'}",
        ),
        *((people,) if options.simulator else ()),
    )


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *arguments)
