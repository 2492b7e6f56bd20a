"""The one round trip that a request makes before it is executed, as the view sees it."""

from collections.abc import Sequence
from typing import Protocol

from domain.ports.viewers import Charge, ViewerReads
from server.caller import Caller


class Begin(Protocol):
    """Reads all that belongs to a caller and charges the rate limit, in one pipeline.

    `cursors` are the `after` arguments of the document, as the client sent them: who implements
    this finds the sessions that they name and reads those too; it ignores what is no cursor. It
    never raises for a store that is away: the reads are then `degraded` and have no allowance.
    """

    async def __call__(
        self, caller: Caller, charge: Charge, cursors: Sequence[str]
    ) -> ViewerReads: ...
