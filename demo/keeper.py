"""Keeps one child alive: starts it, waits until it is ready, starts it again when it dies."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from demo.children import Child
from demo.failures import QUOTED_LINES, KeepsDying, NotReady, Refused, describe
from demo.memory import resident
from demo.probes import EVERY, answers
from demo.process import Process
from runtime.start import STATUS as REFUSAL

Report = Callable[[str], None]

MOST_DEATHS: Final = 5
WITHIN: Final = 60.0  # seconds
FIRST_PAUSE: Final = 0.1  # seconds; doubles with each death within `WITHIN`


class Keeper:
    """The life of one child. `keep` runs until it is cancelled or gives up."""

    def __init__(self, child: Child, report: Report) -> None:
        self.child: Final = child
        self.ready: Final = asyncio.Event()
        self._report = report
        self._allowed = asyncio.Event()
        self._allowed.set()
        self._deaths: deque[float] = deque(maxlen=MOST_DEATHS)
        self._process: Process | None = None
        self._was_ready = False
        self._renewing = False

    async def keep(self, restarted: Callable[[], Sequence["Keeper"]]) -> None:
        """Keep the child alive; the keepers `restarted` names are held while it starts again.

        Raises:
            KeepsDying: after five deaths in a minute.
            NotReady: it runs, but does not answer in time.
            Refused: it ended with status 2 before it was ever ready.

        """
        while True:
            await self._allowed.wait()
            held = restarted() if self._was_ready else ()
            for keeper in held:
                await keeper.hold()
            process = await self._start()
            for keeper in held:
                keeper.release()
            status = await process.wait()
            self.ready.clear()
            if self._allowed.is_set() and not self._renewing:
                await self._after_death(process, status)

    async def hold(self) -> None:
        """Stop the child and keep it stopped until `release`."""
        self._allowed.clear()
        await self.stop(self.child.stop_seconds)

    def release(self) -> None:
        self._allowed.set()

    async def renew_if_outgrown(self) -> None:
        """Start the child anew if it holds more memory than it may."""
        most = self.child.largest_memory
        if most is None or not self.ready.is_set() or self._process is None:
            return
        if resident(self._process.pid) > most:
            self._report(f"{self.child.name} has outgrown {most >> 20} MB; it is started anew")
            self.ready.clear()
            self._renewing = True
            await self.stop(self.child.stop_seconds)

    async def stop(self, seconds: float) -> None:
        """Ask the child to stop; kill it after `seconds`."""
        if self._process and not await self._process.stop(seconds):
            self._report(f"{self.child.name} did not stop within {seconds:.1f} s and was killed")

    def kill(self) -> None:
        if self._process and self._process.status is None:
            self._process.kill()

    async def _start(self) -> Process:
        """Start the child and wait until it is ready or has ended."""
        child = self.child
        self._renewing = False
        await child.before()
        process = await Process.start(
            child.command, child.environment, child.log, child.stop_signal
        )
        self._process = process
        if not self._allowed.is_set():  # held in the meantime
            await self.stop(child.stop_seconds)
        if await self._becomes_ready(process):
            await child.on_started()
            self._was_ready = True
            self.ready.set()
        return process

    async def _becomes_ready(self, process: Process) -> bool:
        try:
            async with asyncio.timeout(self.child.ready_seconds):
                while process.status is None:
                    if await answers(self.child.ready) and process.status is None:
                        return True
                    await asyncio.sleep(EVERY)
        except TimeoutError:
            remedy = f"see {self.child.log}"
            raise NotReady(self.child.name, self.child.ready_seconds, remedy) from None
        return False

    async def _after_death(self, process: Process, status: int) -> None:
        name, log = self.child.name, self.child.log
        if status == REFUSAL and not self._was_ready:
            raise Refused(name, process.last_lines(1))
        now = asyncio.get_running_loop().time()
        self._deaths.append(now)
        if len(self._deaths) == MOST_DEATHS and now - self._deaths[0] < WITHIN:
            lines = process.last_lines(QUOTED_LINES)
            raise KeepsDying(name, MOST_DEATHS, status, log, lines)
        recent = sum(now - death < WITHIN for death in self._deaths)
        self._report(f"{name} {describe(status)}; it is started again")
        await asyncio.sleep(FIRST_PAUSE * 2 ** (recent - 1))
