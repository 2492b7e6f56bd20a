"""Which stores are slow: two looks in a row the smallest question took them more than 50 ms.

How long a batch takes says nothing of that: 2,000 events may keep a store busy for longer. So each
is asked for next to nothing, on a connection of its own that waits for no work of ours, under a
limit that does not count what this process is itself busy with.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Final

import structlog

from domain.errors import Unavailable
from runtime.background import Background
from runtime.fair_timeout import FairTimeout

SLOW: Final = 0.05  # seconds for the smallest question
EVERY: Final = 0.5  # seconds between looks
LATE_IN_A_ROW: Final = 2  # looks: one may be a coincidence
MOST_LATE: Final = 1.0  # seconds that this process may be late itself

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class StoreSpeeds:
    """``questions`` are asked by store; one that fails says nothing of its store's speed."""

    def __init__(self, questions: Mapping[str, Callable[[], Awaitable[object]]]) -> None:
        self._questions = questions
        self._late = dict.fromkeys(questions, 0)  # looks in a row
        self._answers: dict[str, asyncio.Event] = {}
        self._background = Background()

    def any_slow(self, stores: Collection[str]) -> bool:
        """As of the last look."""
        return any(self._late[store] >= LATE_IN_A_ROW for store in stores)

    async def watch(self, stopping: asyncio.Event) -> None:
        """Look now and then, until ``stopping``."""
        while not stopping.is_set():
            await self.look()
            try:
                async with asyncio.timeout(EVERY):
                    await stopping.wait()
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Ask every store."""
        async with asyncio.TaskGroup() as group:
            for store in self._questions:
                group.create_task(self._look_at(store))

    async def close(self) -> None:
        await self._background.close()

    async def _look_at(self, store: str) -> None:
        answer = self._answers.get(store)
        if answer is None or answer.is_set():  # else it still owes us one
            answer = self._answers[store] = asyncio.Event()
            self._background.start(f"{store}.ask", self._ask(store, answer))
        limit = asyncio.get_running_loop().time() + SLOW
        before = self._late[store]
        try:
            async with FairTimeout(limit, limit + MOST_LATE):
                await answer.wait()
        except TimeoutError:
            self._late[store] = before + 1
            if before + 1 == LATE_IN_A_ROW:
                log.warning("store.slowed", store=store)
        else:
            self._late[store] = 0
            if before >= LATE_IN_A_ROW:
                log.warning("store.recovered", store=store)

    async def _ask(self, store: str, answer: asyncio.Event) -> None:
        try:
            await self._questions[store]()
        except Unavailable:
            return  # whoever needs it finds that out, and waits for it
        finally:
            answer.set()
