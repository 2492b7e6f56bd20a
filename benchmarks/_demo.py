"""A demo to measure: the one that ``EXPLORE_HTTP_PORT`` names, else one of its own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from demo.running import Running, find
from runtime.clock import SystemClock
from server.token_signing import Claims, sign


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo and the process of its API."""

    running: Running
    server: int

    @property
    def port(self) -> int:
        return self.running.port

    def others(self) -> list[int]:
        """The processes of the demo but for the API's: the supervisor, engines, consumers."""
        parents = _parents()
        root = self.server
        while b"demo" in _arguments(Path(f"/proc/{parents[root]}"))[2:3]:
            root = parents[root]
        found, grown = {root}, {root}
        while grown:
            grown = {pid for pid, parent in parents.items() if parent in grown}
            found |= grown
        return sorted(found - {self.server})

    def tokens(self, viewers: Sequence[str], *roles: str) -> list[str]:
        settings, key = self.running.settings, self.running.signing_key
        if key is None:
            raise SystemExit("this demo does not sign tokens")
        return [
            sign(
                Path(key),
                Claims(viewer, roles),
                issuer=settings["EXPLORE_JWT_ISSUER"],
                audience=settings["EXPLORE_JWT_AUDIENCE"],
                now=SystemClock().now(),
            )
            for viewer in viewers
        ]


@contextmanager
def demo(*arguments: str) -> Generator[Demo]:
    """A demo; ``arguments`` are those of one that has to be started."""
    named = os.environ.get("EXPLORE_HTTP_PORT")
    if named:
        running = find(int(named))
        yield Demo(running, _server_of(running.port))
        return
    command = [sys.executable, "-m", "demo", "--ephemeral", *arguments]
    with subprocess.Popen(  # noqa: S603 - our own module
        command, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            running = find(_ready_port(process))
            yield Demo(running, _server_of(running.port))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def _ready_port(process: "subprocess.Popen[str]") -> int:
    for line in process.stdout or ():
        ready = re.match(r"explore is ready on http://127\.0\.0\.1:(\d+)", line)
        if ready:
            return int(ready[1])
    raise SystemExit(f"the demo did not start: status {process.wait()}")


def _server_of(port: int) -> int:
    """The process whose settings have the port."""
    wanted = f"EXPLORE_HTTP_PORT={port}".encode()
    for folder in Path("/proc").iterdir():
        is_server = folder.name.isdigit() and _arguments(folder)[1:3] == [b"-m", b"server"]
        if is_server and wanted in (folder / "environ").read_bytes().split(b"\0"):
            return int(folder.name)
    raise SystemExit(f"no server of port {port} runs here")


def _parents() -> dict[int, int]:
    """The parent of each process."""
    found: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                stat = (folder / "stat").read_text()
                found[int(folder.name)] = int(stat.rpartition(")")[2].split()[1])
    return found


def _arguments(folder: Path) -> list[bytes]:
    try:
        return (folder / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return []
