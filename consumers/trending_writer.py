"""Counters into trending lists, also by somebody who was overtaken.

Lists lie apart from the fences, which cannot guard them: an owner that freezes behind its save
wakes up when another has gone on, and writes older scores and lists that posts have left. So each
looks at the fences afterwards, and where one moved writes again what the counters say now.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from consumers.trending_lists import left_of, writes
from consumers.trimming import Trimming
from domain.engagement import EngagementState
from domain.ports.counters import Counters
from domain.ports.pools import PoolWriter

MAX_ROUNDS: Final = 5  # of writing what came meanwhile; the next change of a post does the rest


class Listed(NamedTuple):
    """Posts of a partition as of its ``fence`` (None: it is not ours any more).

    ``left`` are the lists that posts leave.
    """

    fence: int | None
    states: Mapping[str, EngagementState]
    left: Mapping[str, Mapping[str, int]]


class TrendingWriter:
    def __init__(self, counters: Counters, pools: PoolWriter) -> None:
        self._counters = counters
        self._pools = pools
        self._trimming = Trimming(pools)

    async def write(self, listed: Mapping[int, Listed]) -> None:
        """By partition."""
        for _ in range(MAX_ROUNDS):
            changes = writes(
                {
                    post_id: state
                    for one in listed.values()
                    for post_id, state in one.states.items()
                },
                {post_id: left for one in listed.values() for post_id, left in one.left.items()},
            )
            if not changes:
                return
            await self._pools.write(changes)
            await self._trimming.after(changes)
            fences = await self._counters.fences(list(listed))
            moved = {
                partition: fence
                for (partition, one), fence in zip(listed.items(), fences, strict=True)
                if fence != one.fence
            }
            if not moved:
                return
            listed = await self._anew(listed, moved)

    async def _anew(
        self, listed: Mapping[int, Listed], moved: Mapping[int, int]
    ) -> Mapping[int, Listed]:
        """What the counters say now, at least as of the fences given."""
        posts = {one: [*listed[one].states] for one in moved}
        states = await self._counters.load(posts)
        return {
            partition: Listed(
                fence,
                {post_id: states[post_id] for post_id in posts[partition] if post_id in states},
                {
                    post_id: left_of(
                        written.scopes, states[post_id].scopes if post_id in states else {}
                    )
                    for post_id, written in listed[partition].states.items()
                },
            )
            for partition, fence in moved.items()
        }
