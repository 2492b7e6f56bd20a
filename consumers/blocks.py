"""Upstream's blocks into what the viewer said, beside what the API writes there.

Which of them hold the projection tells, which knows the time of each: what was overtaken on its
way takes nothing back.
"""

from collections.abc import Sequence
from itertools import compress
from typing import Final

from msgspec.structs import replace

from domain.errors import Unavailable
from domain.ports.follows import Follows, StoredRelation
from domain.ports.viewer_states import LiveStates, ViewerStates
from domain.viewer import ViewerState

ATTEMPTS: Final = 5
MAX_BLOCKED: Final = 1_000


class Blocks:
    """Sets and takes back, so repeating it in the order of the log changes nothing."""

    def __init__(self, relations: Follows, states: LiveStates, durable: ViewerStates) -> None:
        self._relations = relations
        self._states = states
        self._durable = durable

    async def apply(self, blocks: Sequence[StoredRelation]) -> None:
        by_viewer: dict[str, list[StoredRelation]] = {}
        holding = await self._relations.block(blocks)
        for block in compress(blocks, holding):
            by_viewer.setdefault(block.user_id, []).append(block)
        for viewer_id, own in by_viewer.items():
            await self._of_viewer(viewer_id, own)

    async def _of_viewer(self, viewer_id: str, blocks: Sequence[StoredRelation]) -> None:
        for _ in range(ATTEMPTS):
            held = (await self._states.states([viewer_id])).get(viewer_id)
            state = held or await self._durable.read(viewer_id) or ViewerState()
            blocked = _folded(state.blocked, blocks)
            if blocked == state.blocked and held is not None:
                # Perhaps only the fast copy was written when they came first.
                await self._durable.write(viewer_id, held)
                return
            new = replace(state, version=state.version + 1, blocked=blocked)
            expected = held.version if held is not None else 0
            if await self._states.write_state(viewer_id, new, expected=expected):
                await self._durable.write(viewer_id, new)
                return
        raise Unavailable("redis", "the viewer's state changes all the time")


def _folded(blocked: tuple[str, ...], blocks: Sequence[StoredRelation]) -> tuple[str, ...]:
    kept = dict.fromkeys(blocked)
    for block in blocks:
        kept.pop(block.target_id, None)
        if block.active:
            kept[block.target_id] = None
    return tuple(kept)[-MAX_BLOCKED:]
