"""What viewers said, brought back from the durable store after the fast one lost it."""

from collections import OrderedDict
from typing import Final

import structlog

from domain.errors import Unavailable
from domain.ports.viewer_states import ViewerStates
from domain.ports.viewers import ViewerReads, Viewers
from runtime.background import Background, TooMuchInBackground
from services.behind import start_behind

MAX_KNOWN: Final = 10_000

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class ViewerRestore:
    """Looks once for each viewer without a state, and again where there was one meanwhile."""

    def __init__(self, viewers: Viewers, states: ViewerStates, background: Background) -> None:
        self._viewers = viewers
        self._states = states
        self._background = background
        self._known: OrderedDict[str, None] = OrderedDict()

    def notice(self, viewer_id: str, reads: ViewerReads) -> None:
        """Start looking, behind the request, where nothing was read."""
        if reads.state.version > 0:
            self._known.pop(viewer_id, None)
        if reads.degraded or reads.state.version > 0 or viewer_id in self._known:
            return
        try:
            start_behind(self._background, "viewer.restore", self._restore(viewer_id))
        except TooMuchInBackground:
            return
        self._known[viewer_id] = None
        if len(self._known) > MAX_KNOWN:
            self._known.popitem(last=False)

    async def _restore(self, viewer_id: str) -> None:
        try:
            state = await self._states.read(viewer_id)
            if state is not None:
                restored = await self._viewers.write_state(viewer_id, state, expected=0)
                log.info("viewer.restored", version=state.version, restored=restored)
        except Unavailable as failure:
            self._known.pop(viewer_id, None)
            log.warning("viewer.unrestored", failure=str(failure))
