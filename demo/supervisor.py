"""Starts stages of children one after the other, keeps them alive, stops them in reverse order."""

import asyncio
import signal
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Final

from demo import logs
from demo.children import Child, Gate, Stage, Step
from demo.failures import QUOTED_LINES, NotReady, Refused, SaidItself, StepFailed
from demo.keeper import Keeper, Report
from demo.probes import until
from demo.process import Process
from runtime.start import STATUS as REFUSAL

STOP_SECONDS: Final = 9.0  # of the ten that users are promised
LOOK_EVERY: Final = 10.0  # seconds between two looks at logs and memory
STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(Exception):
    """A signal asked for the end."""


class Supervisor:
    """Runs stages until a signal comes or a child gives up; leaves no process behind.

    A stage begins when all of the one before it is ready. The first signal stops everything in
    reverse order, a second one kills.
    """

    def __init__(
        self, stages: Sequence[Stage], report: Report, *, look_every: float = LOOK_EVERY
    ) -> None:
        if longest_stop(stages) > STOP_SECONDS:
            raise ValueError(f"stopping could take longer than {STOP_SECONDS} s")
        self._stages = stages
        self._report = report
        self._look_every = look_every
        self._keepers: list[list[Keeper]] = []
        self._stop_by: float | None = None
        self._told = asyncio.Event()

    async def run(self, on_ready: Callable[[], None]) -> None:
        """Return when a signal asked for the end and everything has stopped.

        Raises:
            CannotStart: a child or step refused to start, or something was not ready in time.
            SaidItself: a step refused on our own terminal.
            ChildFailure: a child keeps dying, or a step failed.

        """
        with self._signals():
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._until_told())
                    tasks.create_task(self._bound_logs())
                    for stage in self._stages:
                        await self._begin(stage, tasks)
                    tasks.create_task(self._bound_memory())
                    on_ready()
            except BaseExceptionGroup as group:
                failures = [one for one in group.exceptions if not isinstance(one, StopRequested)]
                if failures:
                    raise failures[0] from None
            finally:
                await self._stop_all()

    @contextmanager
    def _signals(self) -> Generator[None, None, None]:
        loop = asyncio.get_running_loop()
        for number in STOP_SIGNALS:
            loop.add_signal_handler(number, self._on_signal)
        try:
            yield
        finally:
            for number in STOP_SIGNALS:
                loop.remove_signal_handler(number)

    def _on_signal(self) -> None:
        if self._told.is_set():
            for keeper in self._everyone():
                keeper.kill()
        self._told.set()

    async def _until_told(self) -> None:
        await self._told.wait()
        self._report("stopping")
        self._stop_by = asyncio.get_running_loop().time() + STOP_SECONDS
        raise StopRequested

    async def _bound_logs(self) -> None:
        while True:
            await asyncio.sleep(self._look_every)
            for keeper in self._everyone():
                logs.bound(keeper.child.log)

    async def _bound_memory(self) -> None:
        while True:
            await asyncio.sleep(self._look_every)
            for keeper in self._everyone():
                await keeper.renew_if_outgrown()

    async def _begin(self, stage: Stage, tasks: asyncio.TaskGroup) -> None:
        if isinstance(stage, Step):
            await self._finish(stage)
        elif isinstance(stage, Gate):
            await self._wait_at(stage)
        else:
            await self._bring_up(stage, tasks)

    async def _bring_up(self, children: tuple[Child, ...], tasks: asyncio.TaskGroup) -> None:
        keepers = [Keeper(child, self._report) for child in children]
        self._keepers.append(keepers)
        for keeper in keepers:
            tasks.create_task(self._keep(keeper))
        for keeper in keepers:
            await keeper.ready.wait()

    async def _keep(self, keeper: Keeper) -> None:
        names = keeper.child.restarts
        await keeper.keep(lambda: [one for one in self._everyone() if one.child.name in names])

    async def _finish(self, step: Step) -> None:
        process = await Process.start(step.command, step.environment, step.log)
        try:
            status = await process.wait()
        finally:
            await process.stop(step.stop_seconds)
        if status == REFUSAL and step.log is None:
            raise SaidItself
        if status == REFUSAL:
            raise Refused(step.name, process.last_lines(1))
        if status != 0:
            raise StepFailed(step.name, status, step.log, process.last_lines(QUOTED_LINES))

    async def _wait_at(self, gate: Gate) -> None:
        try:
            async with asyncio.timeout(gate.seconds):
                await until(gate.open)
        except TimeoutError:
            raise NotReady(gate.name, gate.seconds, gate.remedy) from None

    def _everyone(self) -> list[Keeper]:
        return [keeper for keepers in self._keepers for keeper in keepers]

    async def _stop_all(self) -> None:
        clock = asyncio.get_running_loop().time
        stop_by = self._stop_by or clock() + STOP_SECONDS
        for keepers in reversed(self._keepers):
            async with asyncio.TaskGroup() as tasks:
                for keeper in keepers:
                    left = max(stop_by - clock(), 0.1)
                    tasks.create_task(keeper.stop(min(keeper.child.stop_seconds, left)))


def longest_stop(stages: Sequence[Stage]) -> float:
    """Seconds that stopping takes at the worst moment, if everyone uses all of their time.

    While a step runs, the stages after it have not begun.
    """
    longest = children = 0.0
    for stage in stages:
        if isinstance(stage, tuple):
            children += max((child.stop_seconds for child in stage), default=0.0)
        step = stage.stop_seconds if isinstance(stage, Step) else 0.0
        longest = max(longest, children + step)
    return longest
