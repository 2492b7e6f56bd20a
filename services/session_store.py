"""Sessions of lists: read with the request, written behind the response.

A session stays in this process until it is written, so that the next page finds it however fast
it is asked for; while the store is away it stays for its whole life. The latest ones stay longer,
for the case that the store goes away or loses them. What the store no longer has of somebody who
was erased is forgotten here, too.
"""

from collections import OrderedDict
from typing import Final

import structlog

from domain.errors import Unavailable
from domain.ports.erasures import Erasures
from domain.ports.viewers import Viewers
from runtime.background import Background, TooMuchInBackground
from runtime.clock import Clock
from runtime.deadlines import within
from services.behind import start_behind
from services.context import RequestContext

LIFE: Final = 900.0  # seconds
IN_FLIGHT: Final = 3.0  # seconds in which a session is written where the store is there
PATIENCE: Final = 0.05  # seconds in which an erasure is looked for
MAX_HELD: Final = 2_000
MAX_WRITTEN: Final = 500  # about 20 KB each

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class SessionStore:
    def __init__(
        self, viewers: Viewers, erasures: Erasures, background: Background, clock: Clock
    ) -> None:
        self._viewers = viewers
        self._erasures = erasures
        self._background = background
        self._clock = clock
        self._held: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._served: OrderedDict[str, bytes] = OrderedDict()
        self._written: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    def served(self, context: RequestContext) -> bytes:
        """The packed posts lately served to the caller."""
        return self._served.get(context.viewer_id or "", context.started.served)

    async def find(self, context: RequestContext, session_id: str) -> bytes | None:
        """The packed session, None where it is over.

        Sessions that the view did not find among the root fields' arguments cost a round trip.
        """
        held = self._alive(self._held, session_id)
        if held is not None and self._clock.monotonic() - held[0] < IN_FLIGHT:
            return held[1]
        if held is None:
            packed = await self._stored(context, session_id)
            if packed is not None:
                return packed
            held = self._alive(self._written, session_id)
        if held is None:
            return None
        if await self._may_be_erased(context):
            self._held.pop(session_id, None)
            self._written.pop(session_id, None)
            return None
        return held[1]

    async def _stored(self, context: RequestContext, session_id: str) -> bytes | None:
        packed = context.started.sessions.get(session_id)
        if packed is None and not context.started.degraded:
            reads = await self._viewers.begin(None, None, (session_id,))
            packed = reads.sessions.get(session_id)
        return packed

    async def _may_be_erased(self, context: RequestContext) -> bool:
        """Whether the store may lack a session because its viewer was erased, ever.

        While the store is away no erasure is completed.
        """
        if context.viewer_id is None or context.started.degraded:
            return False
        try:
            with within(PATIENCE):
                return await self._erasures.latest(context.viewer_id) is not None
        except Unavailable as failure:
            log.warning("session.unchecked", failure=str(failure))
            return True

    def _alive(
        self, sessions: OrderedDict[str, tuple[float, bytes]], session_id: str
    ) -> tuple[float, bytes] | None:
        found = sessions.get(session_id)
        if found is None or self._clock.monotonic() - found[0] >= LIFE:
            return None
        return found

    def keep(
        self,
        context: RequestContext,
        session_id: str,
        packed: bytes,
        *,
        served: bytes | None = None,
        replayable: bool = False,
    ) -> None:
        """Write a session, and the caller's served filter, behind the response.

        ``replayable`` where the session tells how the request's page came about.
        """
        self._held[session_id] = (self._clock.monotonic(), packed)
        self._held.move_to_end(session_id)
        while len(self._held) > MAX_HELD:
            self._held.popitem(last=False)
        if context.viewer_id is not None and served is not None:
            self._served[context.viewer_id] = served
            while len(self._served) > MAX_HELD:
                self._served.popitem(last=False)
        request_id = context.request_id if replayable else None
        writing = self._write(session_id, packed, context.viewer_id, served, request_id)
        try:
            start_behind(self._background, "session.write", writing)
        except TooMuchInBackground:
            log.warning("session.unwritten")

    async def _write(
        self,
        session_id: str,
        packed: bytes,
        viewer_id: str | None,
        served: bytes | None,
        request_id: str | None,
    ) -> None:
        try:
            await self._viewers.write_session(
                session_id, packed, viewer_id=viewer_id, served=served, request_id=request_id
            )
        except Unavailable as failure:
            log.warning("session.unwritten", failure=str(failure))
            return
        held = self._held.get(session_id)
        if held is not None and held[1] is packed:  # nothing newer came meanwhile
            del self._held[session_id]
            self._written[session_id] = held
            self._written.move_to_end(session_id)
            if len(self._written) > MAX_WRITTEN:
                self._written.popitem(last=False)
        if viewer_id is not None and served is not None and self._served.get(viewer_id) is served:
            del self._served[viewer_id]
