"""Upstream's blocks into what the viewer said, beside what the API writes there."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from domain.errors import Unavailable
from domain.events import UserBlocked
from domain.ports import LiveStates, ViewerStates
from domain.viewer import ViewerState

ATTEMPTS: Final = 5
MAX_BLOCKED: Final = 1_000


class Blocks:
    """Sets and takes back, so repeating it in the order of the log changes nothing."""

    def __init__(self, states: LiveStates, durable: ViewerStates) -> None:
        self._states = states
        self._durable = durable

    async def apply(self, events: Sequence[UserBlocked]) -> None:
        by_viewer: dict[str, list[UserBlocked]] = {}
        for event in events:
            by_viewer.setdefault(event.user_id, []).append(event)
        for viewer_id, own in by_viewer.items():
            await self._of_viewer(viewer_id, own)

    async def _of_viewer(self, viewer_id: str, events: Sequence[UserBlocked]) -> None:
        for _ in range(ATTEMPTS):
            held = (await self._states.states([viewer_id])).get(viewer_id)
            state = held or await self._durable.read(viewer_id) or ViewerState()
            blocked = _folded(state.blocked, events)
            if blocked == state.blocked and held is not None:
                return
            new = replace(state, version=state.version + 1, blocked=blocked)
            expected = held.version if held is not None else 0
            if await self._states.write_state(viewer_id, new, expected=expected):
                await self._durable.write(viewer_id, new)
                return
        raise Unavailable("redis", "the viewer's state changes all the time")


def _folded(blocked: tuple[str, ...], events: Sequence[UserBlocked]) -> tuple[str, ...]:
    kept = dict.fromkeys(blocked)
    for event in events:
        kept.pop(event.target_id, None)
        if event.active:
            kept[event.target_id] = None
    return tuple(kept)[-MAX_BLOCKED:]
