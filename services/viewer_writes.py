"""What a viewer said, changed by compare-and-set in the fast store, then in the durable one."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import msgspec
import structlog

from domain.errors import ClientError, Unavailable
from domain.ports.viewer_states import ViewerStates
from domain.ports.viewers import Viewers
from domain.viewer import ViewerState
from runtime.background import Background, TooMuchInBackground
from services.behind import start_behind
from services.context import RequestContext

ATTEMPTS: Final = 5
MAX_LATEST: Final = 1_000

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()

Edit = Callable[[ViewerState], ViewerState]


class TooContended(ClientError):
    """Other requests of the same viewer changed the state at each attempt."""


class ViewerWrites:
    def __init__(self, viewers: Viewers, mirror: ViewerStates, background: Background) -> None:
        self._viewers = viewers
        self._mirror = mirror
        self._background = background
        self._latest: OrderedDict[str, tuple[str, ViewerState]] = OrderedDict()

    def latest(self, context: RequestContext) -> ViewerState:
        """The caller's state with what this very request has changed of it."""
        read = context.started.state
        # Of another request it may be outdated: the viewer may have been erased since.
        request_id, written = self._latest.get(context.viewer_id or "", ("", read))
        own = request_id == context.request_id and written.version > read.version
        return written if own else read

    async def change(self, context: RequestContext, edit: Edit) -> ViewerState:
        """Apply ``edit`` to the newest state, store the outcome and return it.

        ``edit`` may run several times; what it returns unchanged is not stored.

        Raises:
            Unavailable: the store did not answer.
            TooContended: others were faster at every attempt.

        """
        viewer_id = context.require_viewer()
        if context.started.degraded:
            state = await self._read(viewer_id)
        else:
            state = self.latest(context)
        for _ in range(ATTEMPTS):
            if state.version == 0:
                state = await self._durable(viewer_id, state)
            edited = edit(state)
            if edited is state:
                return state
            edited = msgspec.structs.replace(edited, version=state.version + 1)
            if await self._viewers.write_state(viewer_id, edited, expected=state.version):
                self._keep(viewer_id, edited)
                self._latest[viewer_id] = (context.request_id, edited)
                self._latest.move_to_end(viewer_id)
                while len(self._latest) > MAX_LATEST:
                    self._latest.popitem(last=False)
                return edited
            state = await self._read(viewer_id)
        raise TooContended("Too many changes at once; try again.")

    async def _durable(self, viewer_id: str, state: ViewerState) -> ViewerState:
        """What a viewer without a state said before the fast store lost it, put back there.

        While the durable store is away it is ``state``: newcomers go on.
        """
        try:
            kept = await self._mirror.read(viewer_id)
        except Unavailable as failure:
            log.warning("viewer.unrestored", failure=str(failure))
            return state
        if kept is None:
            return state
        if await self._viewers.write_state(viewer_id, kept, expected=0):
            return kept
        return await self._read(viewer_id)

    async def _read(self, viewer_id: str) -> ViewerState:
        reads = await self._viewers.begin(viewer_id, None, ())
        if reads.degraded:
            raise Unavailable("redis")
        return reads.state

    def _keep(self, viewer_id: str, state: ViewerState) -> None:
        try:
            start_behind(self._background, "viewer.mirror", self._write(viewer_id, state))
        except TooMuchInBackground:
            log.warning("viewer.unmirrored", version=state.version)

    async def _write(self, viewer_id: str, state: ViewerState) -> None:
        try:
            await self._mirror.write(viewer_id, state)
        except Unavailable as failure:
            log.warning("viewer.unmirrored", version=state.version, failure=str(failure))
