"""Consumers as processes that can be killed: forked from a server that has imported everything."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import uvloop

from consumers.process import run_consumers
from consumers.registry import checked
from consumers.running import Options
from consumers.wiring import consumers
from demo.tether import tether
from runtime.logs import configure_logs
from runtime.settings import LogFormat, load_settings
from tests.chaos.naive import count_naively

LEAVE = 60.0  # seconds to stop when asked


def forked() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


class Victim:
    """One consumer, which is there or not."""

    def __init__(
        self, name: str, environment: Mapping[str, str], log: Path, member: str = "m1"
    ) -> None:
        self._what = (name, dict(environment), str(log), member)
        self._context = forked()
        self._process: BaseProcess | None = None

    def start(self) -> None:
        self._process = self._context.Process(target=_consume, args=self._what, daemon=True)
        self._process.start()

    def kill(self) -> None:
        if self._process is not None:
            self._signal(signal.SIGCONT)
            self._process.kill()
            self._process.join()
            self._process = None

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """Let it end what it has in hand."""
        if self._process is None:
            return
        self._process.terminate()
        self._process.join(LEAVE)
        assert self._process.exitcode == 0, f"{self._what[0]} left with {self._process.exitcode}"
        self._process = None

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        assert self._process.pid is not None
        with suppress(ProcessLookupError):
            os.kill(self._process.pid, number)


def _consume(name: str, environment: dict[str, str], log: str, member: str) -> None:
    tether(signal.SIGKILL, os.getppid())
    os.environ.update(environment)
    sys.stderr = Path(log).open("a", buffering=1)  # noqa: SIM115 - for the life of the process
    settings = load_settings(os.environ)
    configure_logs(LogFormat.JSON, "INFO", sys.stderr)
    if name == "naive":
        uvloop.run(count_naively(settings))
        return
    declared = checked(consumers())
    uvloop.run(run_consumers(settings, [declared[name]], Options(member), port=None))
