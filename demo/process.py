"""One process of the operating system: started tethered, stopped in time, with all it started."""

import asyncio
import os
from asyncio.subprocess import DEVNULL, STDOUT
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import SIGKILL, Signals
from typing import BinaryIO, Self

from demo import logs
from demo.tether import tethered


class Process:
    """A running process in a session of its own, so that Ctrl-C reaches the supervisor alone."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        log: Path | None,
        logged: int,
        stop_signal: Signals,
    ) -> None:
        self._process = process
        self._log = log
        self._logged = logged
        self._stop_signal = stop_signal

    @classmethod
    async def start(
        cls,
        command: tuple[str, ...],
        environment: Mapping[str, str],
        log: Path | None = None,
        stop_signal: Signals = Signals.SIGTERM,
    ) -> Self:
        """Start the command; both its outputs go to the end of `log`, or to our own."""
        tied = tethered(command, stop_signal)
        with _output(log) as (out, logged):
            process = await asyncio.create_subprocess_exec(
                *tied,
                env=environment,
                stdin=DEVNULL,
                stdout=out,
                stderr=STDOUT if out else None,
                start_new_session=True,
            )
        return cls(process, log, logged, stop_signal)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def status(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        return self._process.returncode

    def last_lines(self, count: int) -> list[str]:
        """The last lines this process logged."""
        return logs.last_lines(self._log, count, self._logged) if self._log else []

    async def wait(self) -> int:
        """Until it has ended; what it left in its session is killed. Returns the exit status."""
        status = await self._process.wait()
        self.kill()
        return status

    async def stop(self, seconds: float) -> bool:
        """Ask it to stop and kill it after `seconds`; False if it had to be killed."""
        if self.status is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(self._stop_signal)
        try:
            async with asyncio.timeout(seconds):
                await self.wait()
        except TimeoutError:
            self.kill()
            await self._process.wait()
            return False
        return True

    def kill(self) -> None:
        """End it and everything in its session at once."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, SIGKILL)


@contextmanager
def _output(log: Path | None) -> Generator[tuple[BinaryIO | None, int], None, None]:
    """The log, open for appending, and its size; (None, 0) for our own output."""
    if log is None:
        yield None, 0
        return
    log.parent.mkdir(parents=True, exist_ok=True)
    logs.bound(log)
    with log.open("ab") as out:
        yield out, out.tell()
