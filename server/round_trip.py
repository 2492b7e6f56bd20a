"""The one round trip before each operation: rate limit, viewer and sessions, in one pipeline."""

from collections.abc import Sequence
from typing import Final

from domain.cursors import SessionCursors
from domain.ports import Charge, ViewerReads, Viewers
from server.caller import Caller
from services.viewer_restore import ViewerRestore

MOST_SESSIONS: Final = 10  # as many as a document has root fields


class RoundTrip:
    """The port `Begin` over `Viewers`."""

    def __init__(self, viewers: Viewers, cursors: SessionCursors, restore: ViewerRestore) -> None:
        self._viewers = viewers
        self._cursors = cursors
        self._restore = restore

    async def __call__(
        self, caller: Caller, charge: Charge, cursors: Sequence[str]
    ) -> ViewerReads:
        sessions = [
            session for text in cursors if (session := self._cursors.session_of(text)) is not None
        ]
        named = list(dict.fromkeys(sessions))[:MOST_SESSIONS]
        reads = await self._viewers.begin(caller.viewer_id, charge, named)
        if caller.viewer_id is not None:
            self._restore.notice(caller.viewer_id, reads)
        return reads
