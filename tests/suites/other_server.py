"""A second API server on a running demo's engines, with settings of its own."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from demo.running import find
from tests.demo_fixture import PATIENT
from tests.end_to_end.running_demo import ROOT, RunningDemo

LISTENING: Final = re.compile(r'"port":(\d+),"event":"server\.listening"')
STOP_SECONDS: Final = 30.0


@contextmanager
def other_server(running: RunningDemo, folder: Path, **settings: str) -> Generator[str]:
    """Its address; it is ready, and stops with the block."""
    own = {
        **find(running.port).settings,
        **PATIENT,
        "EXPLORE_HTTP_HOST": "127.0.0.1",
        "EXPLORE_HTTP_PORT": "0",
        "EXPLORE_LOG_FORMAT": "json",
        "EXPLORE_STATIC_LISTS": str(folder / "static-lists.msgpack"),
        "EXPLORE_DRAIN_MS": "0",
        **settings,
    }
    inherited = {name: value for name, value in os.environ.items() if "EXPLORE_" not in name}
    command = (sys.executable, "-m", "server")
    with subprocess.Popen(
        command, cwd=ROOT, env={**inherited, **own}, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        port = _port(process.stderr)
        rest: list[str] = []
        reader = threading.Thread(target=rest.extend, args=(process.stderr,))
        reader.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)
            reader.join(STOP_SECONDS)


def _port(log: Iterable[str]) -> int:
    lines: list[str] = []
    for line in log:
        lines.append(line)
        if found := LISTENING.search(line):
            return int(found.group(1))
    raise AssertionError("the server ended: " + "".join(lines))
