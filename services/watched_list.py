"""A trending list that is looked at for all who listen: its head, what changed, who waits."""

import asyncio
from dataclasses import dataclass
from typing import Final

from domain.trending import Window
from services.inputs import TrendingScope
from services.pages import TrendingHead
from services.shown_heads import ShownHead, ShownHeads

AT_ONCE: Final = 16  # listeners that are told before others get a turn


@dataclass(frozen=True, slots=True, eq=False)
class HeadChange:
    """From one head to the next; `before` is None where the whole head is news."""

    before: ShownHead | None
    head: TrendingHead
    version: int


@dataclass(frozen=True, slots=True)
class WatchedHead:
    """What is looked at."""

    first: int
    window: Window
    scope: TrendingScope


class WatchedList:
    """One list: its present head, the ones before it, and who waits for the next."""

    def __init__(self, head: TrendingHead, shown: ShownHeads) -> None:
        self.head = head
        self.shown: ShownHead = shown.show(head)
        self.listeners = 0
        self.is_looked_at = False
        self._all_shown = shown
        self._changes: dict[int | None, HeadChange] = {}
        self._waiting: list[asyncio.Future[None]] = []

    def at(self, version: int | None) -> ShownHead | None:
        """The head that had the version, if it is remembered."""
        return self._all_shown.at(version)

    def since(self, held: ShownHead | None) -> HeadChange:
        """What changed since a head; the same object for all who hold it."""
        key = None if held is None else held.version
        change = HeadChange(held, self.head, self.shown.version)
        return self._changes.setdefault(key, change)

    async def moved(self) -> None:
        """Wait until there is another head."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await future

    async def show(self, head: TrendingHead) -> bool:
        """Take another head and tell the listeners, a few at a time, if anything moved in it.

        Whether anything did.
        """
        shown = self._all_shown.show(head)
        if shown is self.shown:
            return False
        self.head, self.shown = head, shown
        self._changes.clear()
        waiting, self._waiting = self._waiting, []
        for number, future in enumerate(waiting, 1):
            if not future.done():
                future.set_result(None)
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
        return True

    def end(self) -> None:
        """Wake all listeners."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
