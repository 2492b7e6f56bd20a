"""What viewers said: the durable values and their fast copies."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from domain.viewer import ViewerState


class ViewerStates(Protocol):
    """What viewers said, durable beside the fast copy; a later version wins."""

    async def read(self, viewer_id: str) -> ViewerState | None: ...
    async def write(self, viewer_id: str, state: ViewerState) -> None: ...


class LiveStates(Protocol):
    """The fast copies of what viewers said, for consumers."""

    async def states(self, viewer_ids: Sequence[str]) -> Mapping[str, ViewerState]: ...
    async def write_state(self, viewer_id: str, state: ViewerState, *, expected: int) -> bool:
        """Store ``state`` if the stored version is still ``expected``."""
        ...
