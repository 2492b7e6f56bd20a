"""The one round trip before each operation: rate limit, viewer and sessions, in one pipeline."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from domain.cursors import SessionCursors
from domain.ports.viewers import Charge, ViewerReads, Viewers
from server.caller import Caller
from services.viewer_restore import ViewerRestore

MOST_KNOWN: Final = 2_000  # viewers; about 4 KB each
MOST_SESSIONS: Final = 10  # as many as a document has root fields


class RoundTrip:
    """The port `Begin` over `Viewers`."""

    def __init__(self, viewers: Viewers, cursors: SessionCursors, restore: ViewerRestore) -> None:
        self._viewers = viewers
        self._cursors = cursors
        self._restore = restore
        self._known: OrderedDict[str, ViewerReads] = OrderedDict()

    async def __call__(
        self, caller: Caller, charge: Charge, cursors: Sequence[str]
    ) -> ViewerReads:
        sessions = [
            session for text in cursors if (session := self._cursors.session_of(text)) is not None
        ]
        named = list(dict.fromkeys(sessions))[:MOST_SESSIONS]
        reads = await self._viewers.begin(caller.viewer_id, charge, named)
        if caller.viewer_id is None:
            return reads
        self._restore.notice(caller.viewer_id, reads)
        return self._last_known(caller.viewer_id, reads)

    def _last_known(self, viewer_id: str, reads: ViewerReads) -> ViewerReads:
        """The reads; while the store is away what it last said, so that mutes and blocks hold."""
        if not reads.degraded:
            self._known[viewer_id] = replace(reads, allowance=None, sessions={})
            self._known.move_to_end(viewer_id)
            if len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)
            return reads
        known = self._known.get(viewer_id)
        return reads if known is None else replace(known, degraded=True)
