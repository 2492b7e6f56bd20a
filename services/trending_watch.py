"""Heads of trending lists as they change: each list is looked at once a second for all listeners.

Anonymous listeners share the very objects, so that what is made of them is shared too. Signed-in
ones share when to look; what they may see and their impression tokens are their own, so their
heads are made for each, one after the other. Whoever is slow misses steps in between and gets
their sum. What was shown is remembered a while for those whose connection broke, lists too that
nobody listens to any more.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Collection, Generator
from contextlib import aclosing, contextmanager
from contextvars import Context as ContextVariables
from dataclasses import replace
from secrets import randbelow
from typing import Final, Protocol

import structlog

from domain.errors import DependencyError, InvalidInput
from domain.interests import InterestProfile
from domain.ports.viewers import ViewerReads
from domain.trending import Window
from domain.viewer import ViewerState
from runtime.background import Background
from services.context import RequestContext
from services.inputs import TrendingScope
from services.live_request import LiveRequest, LiveViewers, ReadsViewers
from services.pages import TrendingHead
from services.shown_heads import ShownHead, ShownHeads
from services.watched_list import HeadChange, OwnHead, WatchedHead, WatchedList

INTERVAL: Final = 1.0  # seconds between two looks at a list, and so between two messages
GLANCES: Final = 5  # between two looks, for posts that were withdrawn
MOST_LISTENERS: Final = 10_000  # of one process
MOST_LISTS: Final = 200  # that it looks at, or remembers
KEPT: Final = 32  # heads of a list, for those who come back
MOST_OWN: Final = 2_000  # pairs of a viewer and a list whose heads are remembered
OWN_KEPT: Final = 8  # heads of such a pair
FIRST_VERSIONS: Final = 2**30  # to draw from; GraphQL's integers reach twice as far

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class TooManyListeners(Exception):
    """As many as one process bears; another one may have room."""


class Heads(Protocol):
    async def head(
        self, c: RequestContext, /, *, first: int, window: Window, scope: TrendingScope
    ) -> TrendingHead: ...


class TrendingWatch:
    """One per process; it looks for as long as somebody listens."""

    def __init__(
        self,
        trending: Heads,
        *,
        interval: float = INTERVAL,
        most: int = MOST_LISTENERS,
        stands: Callable[[Collection[str]], bool] = lambda _: True,
        viewers: ReadsViewers | None = None,
        first_version: Callable[[], int] = lambda: randbelow(FIRST_VERSIONS),
    ) -> None:
        """`stands` tells whether posts may still be shown, all of them; it is asked often.

        `viewers` tells what those who listen have blocked, muted and set meanwhile.
        `first_version` gives the version that the heads of a list, or of a viewer, begin with.
        """
        self._trending = trending
        self._stands = stands
        self._viewers = LiveViewers(viewers)
        self._interval = interval
        self._most = most
        self._first_version = first_version
        self._lists: OrderedDict[WatchedHead, WatchedList] = OrderedDict()
        self._own_heads: OrderedDict[tuple[str, WatchedHead], ShownHeads] = OrderedDict()
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
            InvalidInput: there is no such list, or none any more.
            TooManyListeners: of this process, or too many lists are listened to.

        """
        if self._listeners >= self._most:
            raise TooManyListeners
        live = LiveRequest(request, self._viewers)
        with self._listening():
            shared = await self._list(watched, request)
            shared.listeners += 1
            follow = (
                self._follow(shared, since)
                if request.viewer_id is None
                else self._follow_own(shared, watched, since, live)
            )
            try:
                async with aclosing(follow) as following:
                    async for change in following:
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

    async def _follow(self, shared: WatchedList, since: int | None) -> AsyncGenerator[HeadChange]:
        """For an anonymous listener."""
        held = shared.at(since)
        while True:
            seen = shared.shown
            if held is not seen:
                change, held = shared.since(held), seen
                yield change
            if not await self._moved(shared, seen):
                return

    async def _follow_own(
        self,
        shared: WatchedList,
        watched: WatchedHead,
        since: int | None,
        live: LiveRequest,
    ) -> AsyncGenerator[HeadChange]:
        """For a viewer: a head of its own whenever the shared one moves or a post of it goes."""
        clock = asyncio.get_running_loop().time
        heads = self._heads_of(live.now(), watched)
        held, seen, told = heads.at(since), shared.shown, clock()
        head = await self._head(live.now(), watched)
        while True:
            shown = heads.show(head)
            if shown is not held:
                change, held, told = HeadChange(held, head, shown.version), shown, clock()
                yield change
            if not await self._moved(shared, seen, OwnHead(shown.posts, told)):
                return
            seen = shared.shown
            head = await self._in_turn(live, watched)

    def _heads_of(self, request: RequestContext, watched: WatchedHead) -> ShownHeads:
        """What was shown of a list to the viewer who asks."""
        key = request.require_viewer(), watched
        if key not in self._own_heads:
            self._own_heads[key] = ShownHeads(self._first_version(), OWN_KEPT)
            if len(self._own_heads) > MOST_OWN:
                self._own_heads.popitem(last=False)
        self._own_heads.move_to_end(key)
        return self._own_heads[key]

    async def _moved(
        self, shared: WatchedList, seen: ShownHead, own: OwnHead | None = None
    ) -> bool:
        """Wait until there is another head to be made; False where there will be none."""
        while not self._is_over and shared.failure is None and shared.shown is seen:
            if await shared.moved(own):
                break
        if shared.failure is not None:
            raise shared.failure.with_traceback(None)
        return not self._is_over

    async def _list(self, watched: WatchedHead, request: RequestContext) -> WatchedList:
        """The list with its present head; from now on it is looked at."""
        found = self._lists.get(watched)
        if found is None or not found.is_looked_at:
            head = await self._head(_nobody(request), watched)
            found = self._lists.get(watched)  # somebody else may have been first
            if found is None:
                found = self._lists[watched] = self._new_list(head)
            if not found.is_looked_at:
                # The work must not inherit the deadline and the log context of this request.
                looking = self._look(found, watched, request)
                ContextVariables().run(self._work.start, "trending.watch", looking)
                found.is_looked_at, found.failure = True, None
                await found.show(head)
        self._lists.move_to_end(watched)
        return found

    def _new_list(self, head: TrendingHead) -> WatchedList:
        if len(self._lists) >= MOST_LISTS:
            unused = next(
                (name for name, one in self._lists.items() if not one.is_looked_at), None
            )
            if unused is None:
                raise TooManyListeners
            del self._lists[unused]
        return WatchedList(head, ShownHeads(self._first_version(), KEPT))

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
        except InvalidInput as gone:  # such as a category that was deactivated
            shared.fail(gone)
        except Exception as failure:
            shared.fail(failure)
            raise
        finally:
            shared.is_looked_at = False

    async def _rest(self, shared: WatchedList, told: float) -> None:
        """Until the next look: sooner where a post was withdrawn and nobody was told lately."""
        clock = asyncio.get_running_loop().time
        until = clock() + self._interval
        while (left := until - clock()) > 0.0:
            await asyncio.sleep(min(left, self._interval / GLANCES))
            told_by = clock() - self._interval
            if told <= told_by and not self._stands(shared.shown.posts):
                return
            shared.glance(self._stands, told_by)

    async def _in_turn(self, live: LiveRequest, watched: WatchedHead) -> TrendingHead:
        async with self._own_turn:
            await asyncio.sleep(0)
            return await self._head(await live.read_again(), watched)

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
