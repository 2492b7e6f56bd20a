"""A request that goes on for as long as somebody listens: its clock runs, its caller changes."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol

from domain.ports.viewers import Charge, ViewerReads
from services.context import RequestContext

REST: Final = 1.0  # seconds; in which a store that is away holds up nobody else


class ReadsViewers(Protocol):
    """The part of ``Viewers`` that reading needs."""

    async def begin(
        self, viewer_id: str | None, charge: Charge | None, session_ids: Sequence[str], /
    ) -> ViewerReads: ...


class LiveViewers:
    """What listeners did meanwhile; one per process."""

    def __init__(self, viewers: ReadsViewers | None, rest: float = REST) -> None:
        """Without ``viewers`` nobody ever did anything."""
        self._viewers = viewers
        self._rest = rest
        self._away_until = 0.0

    async def reads(self, viewer_id: str) -> ViewerReads | None:
        """None where the store does not tell, or did not tell somebody else just now."""
        clock = asyncio.get_running_loop().time
        if self._viewers is None or clock() < self._away_until:
            return None
        reads = await self._viewers.begin(viewer_id, None, ())
        if reads.degraded:
            self._away_until = clock() + self._rest
            return None
        return reads


class LiveRequest:
    def __init__(self, request: RequestContext, viewers: LiveViewers) -> None:
        self._request = request
        self._viewers = viewers
        self._clock = asyncio.get_running_loop().time
        self._begun = self._clock()

    def now(self) -> RequestContext:
        """The request as if it came now, of the caller as it is known."""
        return replace(self._request, now=self._request.now + self._clock() - self._begun)

    async def read_again(self) -> RequestContext:
        """The same with what the caller blocked, muted and set meanwhile.

        A store that is away, or has lost the caller's state, takes nothing back.
        """
        request = self._request
        reads = await self._viewers.reads(request.require_viewer())
        if reads is not None and reads.state.version >= request.started.state.version:
            started = replace(reads, allowance=request.started.allowance)
            self._request = replace(request, started=started)
        return self.now()
