"""What one round trip brings before a request is served, and what it leaves behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from domain.interests import InterestProfile
from domain.viewer import ViewerState


@dataclass(frozen=True, slots=True)
class Charge:
    """Units to take from a party's rate limit of ``per_minute``."""

    party: str
    units: int
    per_minute: int


@dataclass(frozen=True, slots=True)
class Allowance:
    allowed: bool
    limit: int
    cost: int
    remaining: int
    retry_after: float  # seconds; 0 where allowed
    reset_after: float  # seconds until all is back


@dataclass(frozen=True, slots=True)
class ViewerReads:
    """All that one round trip brings before a request is served.

    ``seen`` and ``served`` are packed filters (``domain.seen``, ``domain.served``), ``sessions``
    the packed sessions by id. ``degraded`` is set where the store did not answer: all else is
    empty then and ``allowance`` is None.
    """

    allowance: Allowance | None
    profile: InterestProfile
    state: ViewerState
    seen: bytes = b""
    served: bytes = b""
    sessions: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    degraded: bool = False


class Viewers(Protocol):
    async def begin(
        self, viewer_id: str | None, charge: Charge | None, session_ids: Sequence[str]
    ) -> ViewerReads:
        """The rate limit, the viewer's values and the sessions named, in one round trip."""
        ...

    async def write_state(self, viewer_id: str, state: ViewerState, *, expected: int) -> bool:
        """Store ``state`` if the stored version is still ``expected``."""
        ...

    async def write_session(
        self,
        session_id: str,
        packed: bytes,
        *,
        viewer_id: str | None,
        served: bytes | None,
        request_id: str | None = None,
    ) -> None:
        """Keep a session for 15 minutes, and the served filter for its 10, in one round trip.

        A request named is found to have written the session, as long as that is kept.
        """
        ...

    async def sessions_of(self, request_id: str) -> Sequence[str]:
        """The sessions that a request wrote, sorted."""
        ...
