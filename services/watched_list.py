"""A trending list that is looked at for all who listen: its head, what changed, who waits."""

import asyncio
from collections.abc import Callable, Collection
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


@dataclass(frozen=True, slots=True)
class OwnHead:
    """What a signed-in listener was shown, which may hold more than the shared head, and when."""

    posts: tuple[str, ...]
    told: float


class WatchedList:
    """One list: its present head, the ones before it, and who waits for the next."""

    def __init__(self, head: TrendingHead, shown: ShownHeads) -> None:
        self.head = head
        self.shown: ShownHead = shown.show(head)
        self.listeners = 0
        self.is_looked_at = False
        self.failure: Exception | None = None
        self._all_shown = shown
        self._changes: dict[int | None, HeadChange] = {}
        self._waiting: dict[asyncio.Future[bool], OwnHead | None] = {}

    @property
    def waiting(self) -> int:
        """How many listeners wait for another head."""
        return len(self._waiting)

    def at(self, version: int | None) -> ShownHead | None:
        """The head that had the version, if it is remembered."""
        return self._all_shown.at(version)

    def since(self, held: ShownHead | None) -> HeadChange:
        """What changed since a head; the same object for all who hold it."""
        key = None if held is None else held.version
        change = HeadChange(held, self.head, self.shown.version)
        return self._changes.setdefault(key, change)

    async def moved(self, own: OwnHead | None = None) -> bool:
        """Wait until there is another head, or none any more.

        True where it is the waiting one's own head that no longer stands.
        """
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting[future] = own
        try:
            return await future
        finally:
            del self._waiting[future]

    def glance(self, stands: Callable[[Collection[str]], bool], told_by: float) -> None:
        """Wake those who were told by then and whose own head has a post that was withdrawn."""
        own = [
            (future, head.posts)
            for future, head in self._waiting.items()
            if head is not None and head.told <= told_by and not future.done()
        ]
        # Own heads are much alike: as a rule one look at all their posts is enough.
        if own and not stands(set[str]().union(*(posts for _, posts in own))):
            for future, posts in own:
                if not stands(posts):
                    future.set_result(True)

    async def show(self, head: TrendingHead) -> bool:
        """Take another head and tell the listeners, a few at a time, if anything moved in it.

        Whether anything did.
        """
        shown = self._all_shown.show(head)
        if shown is self.shown:
            return False
        self.head, self.shown = head, shown
        self._changes.clear()
        for number, future in enumerate(list(self._waiting), 1):
            if not future.done():
                future.set_result(False)
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
        return True

    def fail(self, failure: Exception) -> None:
        """Nobody looks any more: end all streams with what is wrong."""
        self.failure = failure
        self.end()

    def end(self) -> None:
        """Wake all listeners."""
        for future in self._waiting:
            if not future.done():
                future.set_result(False)
