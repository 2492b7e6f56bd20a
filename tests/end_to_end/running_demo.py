"""A demo of its own for a test: started, asked, stopped, and everything of it accounted for."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

import httpx
import msgspec

from demo.running import find
from runtime.clock import SystemClock
from server.token_signing import Claims, sign
from tests.end_to_end.tree import Tree

ROOT: Final = Path(__file__).resolve().parents[2]
READY: Final = re.compile(r"explore is ready on http://127\.0\.0\.1:(\d+)")
START_SECONDS: Final = 180.0
STOP_SECONDS: Final = 10.0


class RunningDemo:
    """`port` is the API's; `lines` is what the demo has said so far.

    It and all of its family are in a session of their own, led by the process of the command.
    """

    def __init__(self, folder: Path, command: Sequence[str], settings: Mapping[str, str]) -> None:
        self.lines: list[str] = []
        self._said = threading.Condition()
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env={**_environment(), **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.port = self._ready()
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=10.0)

    def ask(
        self, query: str, variables: Mapping[str, object] | None = None, token: str | None = None
    ) -> Tree:
        """The `data` of an answer without errors."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        body = {"query": query, "variables": variables or {}}
        answer = self.client.post("/graphql", json=body, headers=headers)
        content = msgspec.json.decode(answer.content, type=dict[str, object])
        assert "errors" not in content, content["errors"]
        return Tree(content["data"])

    def token(self, viewer: str, *roles: str) -> str:
        """What `python -m demo token` prints."""
        facts = find(self.port)
        assert facts.signing_key is not None
        return sign(
            Path(facts.signing_key),
            Claims(viewer, roles, None),
            issuer=facts.settings["EXPLORE_JWT_ISSUER"],
            audience=facts.settings["EXPLORE_JWT_AUDIENCE"],
            now=SystemClock().now(),
        )

    def family(self) -> set[tuple[int, str]]:
        """All processes of the demo, each with the moment of its start."""
        parents = {pid: parent for pid, parent, _ in _processes()}
        starts = {pid: start for pid, _, start in _processes()}
        found = {self._process.pid}
        while grown := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= grown
        return {(pid, starts[pid]) for pid in found if pid in starts}

    def stop(self) -> int:
        """Ask it to end; its exit status."""
        self.client.close()
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(STOP_SECONDS)

    def interrupt(self) -> int:
        """Press Ctrl-C, as a terminal tells it to all in its foreground; the exit status."""
        self.client.close()
        os.killpg(self._process.pid, signal.SIGINT)
        return self._process.wait(STOP_SECONDS)

    def _ready(self) -> int:
        with self._said:
            found = self._said.wait_for(self._ready_or_ended, START_SECONDS)
        for line in self.lines:
            if match := READY.search(line):
                return int(match.group(1))
        self.end()
        raise AssertionError(f"not ready (ended or late: {found}): " + "\n".join(self.lines))

    def _ready_or_ended(self) -> bool:
        return not self._listener.is_alive() or any(map(READY.search, self.lines))

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._said:
                self.lines.append(line.rstrip())
                self._said.notify_all()
        with self._said:
            self._said.notify_all()

    def end(self) -> None:
        """Whatever happened before: leave nothing behind."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._listener.join(STOP_SECONDS)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self.end()


@contextmanager
def demo(folder: Path, *arguments: str, **settings: str) -> Generator[RunningDemo]:
    with RunningDemo(folder, (sys.executable, "-m", "demo", *arguments), settings) as running:
        yield running


def alive(family: set[tuple[int, str]]) -> set[tuple[int, str]]:
    return family & {(pid, start) for pid, _, start in _processes()}


def _processes() -> list[tuple[int, int, str]]:
    """Process id, parent and start of every process that is not a zombie."""
    found: list[tuple[int, int, str]] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                found.append((int(entry.name), int(fields[1]), fields[19]))
    return found


def _environment() -> dict[str, str]:
    # What a `make` above us hands down is not for the one below.
    others = ("EXPLORE_", "MAKE", "MFLAGS")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    return clean | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"}
