"""Heads of trending lists as they change: each list is looked at once a second for all listeners.

Anonymous listeners share the very objects, so that what is made of them is shared too. Signed-in
ones share when to look; what they may see and their impression tokens are their own, so their
heads are made for each, one after the other. Whoever is slow misses steps in between and gets
their sum.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import contextmanager
from contextvars import Context as ContextVariables
from dataclasses import dataclass, replace
from typing import Final, Protocol

import structlog

from domain.errors import DependencyError
from domain.interests import InterestProfile
from domain.ports import ViewerReads
from domain.trending import Window
from domain.viewer import ViewerState
from runtime.background import Background
from services.context import RequestContext
from services.inputs import TrendingScope
from services.pages import TrendingHead

INTERVAL: Final = 1.0  # seconds between two looks at a list, and so between two messages
GLANCES: Final = 5  # between two looks, for posts that were withdrawn
MOST_LISTENERS: Final = 10_000  # of one process
MOST_LISTS: Final = 200  # that it looks at
KEPT: Final = 32  # heads of a list, for those who come back
AT_ONCE: Final = 16  # listeners that are told before others get a turn

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class TooManyListeners(Exception):
    """As many as one process bears; another one may have room."""


class Heads(Protocol):
    async def head(
        self, c: RequestContext, /, *, first: int, window: Window, scope: TrendingScope
    ) -> TrendingHead: ...


@dataclass(frozen=True, slots=True, eq=False)
class HeadChange:
    """From one head to the next; `before` is None where the whole head is news."""

    before: TrendingHead | None
    head: TrendingHead


@dataclass(frozen=True, slots=True)
class WatchedHead:
    """What is looked at."""

    first: int
    window: Window
    scope: TrendingScope


class WatchedList:
    """One list: its present head, the ones before it, and who waits for the next."""

    def __init__(self, head: TrendingHead) -> None:
        self.head = head
        self.listeners = 0
        self._recent: OrderedDict[int, TrendingHead] = OrderedDict({head.version: head})
        self._changes: dict[int | None, HeadChange] = {}
        self._waiting: list[asyncio.Future[None]] = []

    def at(self, version: int | None) -> TrendingHead | None:
        """The head that had the version, if it is remembered."""
        return None if version is None else self._recent.get(version)

    def since(self, held: TrendingHead | None) -> HeadChange:
        """What changed since a head; the same object for all who hold it."""
        key = None if held is None else id(held)  # the change holds it, so its id stays its own
        return self._changes.setdefault(key, HeadChange(held, self.head))

    async def moved(self) -> None:
        """Wait until there is another head."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await future

    async def show(self, head: TrendingHead) -> bool:
        """Take another head and tell the listeners, a few at a time, if anything moved in it.

        Whether anything did.
        """
        if _places(self.head) == _places(head):
            return False
        self.head = self._recent[head.version] = head
        self._recent.move_to_end(head.version)
        if len(self._recent) > KEPT:
            self._recent.popitem(last=False)
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


class TrendingWatch:
    """One per process; it looks for as long as somebody listens."""

    def __init__(
        self,
        trending: Heads,
        *,
        interval: float = INTERVAL,
        most: int = MOST_LISTENERS,
        stands: Callable[[TrendingHead], bool] = lambda _: True,
    ) -> None:
        """`stands` tells whether all posts of a head may still be shown; it is asked often."""
        self._trending = trending
        self._stands = stands
        self._interval = interval
        self._most = most
        self._lists: dict[WatchedHead, WatchedList] = {}
        self._work = Background()
        self._own_turn = asyncio.Lock()
        self._listeners = 0
        self._is_over = False

    async def changes(
        self, request: RequestContext, watched: WatchedHead, since: int | None
    ) -> AsyncGenerator[HeadChange]:
        """First the head, or what changed since a version that is remembered; then changes.

        Ends when the process is about to end.

        Raises:
            InvalidInput: there is no such list.
            TooManyListeners: of this process, or too many lists are listened to.

        """
        if self._listeners >= self._most:
            raise TooManyListeners
        clock = asyncio.get_running_loop().time
        begun = clock()

        def later() -> RequestContext:
            return replace(request, now=request.now + clock() - begun)

        with self._listening():
            shared = await self._list(watched, request)
            shared.listeners += 1
            own = None if request.viewer_id is None else later
            try:
                async for change in self._follow(shared, watched, since, own):
                    yield change
            finally:
                shared.listeners -= 1

    def close(self) -> None:
        """End all streams: their clients go on elsewhere, by the versions that they hold."""
        self._is_over = True
        for one in self._lists.values():
            one.end()

    async def stop(self) -> None:
        """Stop looking."""
        self.close()
        await self._work.close()

    async def _follow(
        self,
        shared: WatchedList,
        watched: WatchedHead,
        since: int | None,
        own: Callable[[], RequestContext] | None,
    ) -> AsyncGenerator[HeadChange]:
        seen = shared.head
        held = seen if own is None else await self._head(own(), watched)
        if held.version != since:
            known = shared.at(since) if own is None else None
            yield shared.since(known) if own is None else HeadChange(None, held)
        while await self._moved(shared, seen):
            seen = shared.head
            if own is None:
                change, held = shared.since(held), seen
            else:
                change = HeadChange(held, await self._in_turn(own(), watched))
                held = change.head
            yield change

    async def _moved(self, shared: WatchedList, seen: TrendingHead) -> bool:
        """Wait for another head than one; False where there will be none."""
        while not self._is_over and shared.head is seen:
            await shared.moved()
        return not self._is_over

    async def _list(self, watched: WatchedHead, request: RequestContext) -> WatchedList:
        found = self._lists.get(watched)
        if found is None:
            head = await self._head(_nobody(request), watched)
            found = self._lists.get(watched)  # somebody else may have been first
            if found is None:
                if len(self._lists) >= MOST_LISTS:
                    raise TooManyListeners
                found = self._lists[watched] = WatchedList(head)
                # The work must not inherit the deadline and the log context of this request.
                looking = self._look(found, watched, request)
                ContextVariables().run(self._work.start, "trending.watch", looking)
        return found

    async def _look(
        self, shared: WatchedList, watched: WatchedHead, request: RequestContext
    ) -> None:
        clock = asyncio.get_running_loop().time
        begun = told = clock()
        try:
            while not self._is_over:
                await self._rest(shared, told)
                if not shared.listeners:
                    return
                now = request.now + clock() - begun
                try:
                    head = await self._head(replace(_nobody(request), now=now), watched)
                except DependencyError as failure:
                    log.warning("trending_watch.failed", failure=str(failure))
                else:
                    told = clock() if await shared.show(head) else told
        finally:
            del self._lists[watched]

    async def _rest(self, shared: WatchedList, told: float) -> None:
        """Until the next look: sooner where a post was withdrawn and nobody was told lately."""
        clock = asyncio.get_running_loop().time
        until = clock() + self._interval
        while (left := until - clock()) > 0.0:
            await asyncio.sleep(min(left, self._interval / GLANCES))
            if clock() - told >= self._interval and not self._stands(shared.head):
                return

    async def _in_turn(self, request: RequestContext, watched: WatchedHead) -> TrendingHead:
        async with self._own_turn:
            await asyncio.sleep(0)
            return await self._head(request, watched)

    async def _head(self, request: RequestContext, watched: WatchedHead) -> TrendingHead:
        return await self._trending.head(
            request, first=watched.first, window=watched.window, scope=watched.scope
        )

    @contextmanager
    def _listening(self) -> Generator[None]:
        self._listeners += 1
        try:
            yield
        finally:
            self._listeners -= 1


def _nobody(request: RequestContext) -> RequestContext:
    """The same moment for a caller of whom nothing is known."""
    return RequestContext(
        viewer_id=None,
        started=ViewerReads(None, InterestProfile(), ViewerState()),
        request_id=request.request_id,
        now=request.now,
    )


def _places(head: TrendingHead) -> list[tuple[str, int]]:
    return [(item.card.record.id, item.rank) for item in head.items]
