"""What viewers said, durable in memory."""

from domain.viewer import ViewerState


class MemoryViewerStates:
    def __init__(self) -> None:
        self._held: dict[str, ViewerState] = {}

    async def read(self, viewer_id: str) -> ViewerState | None:
        return self._held.get(viewer_id)

    async def write(self, viewer_id: str, state: ViewerState) -> None:
        held = self._held.get(viewer_id)
        if held is None or held.version < state.version:
            self._held[viewer_id] = state
