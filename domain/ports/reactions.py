"""Who reacted to what, and what a reaction changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.events import EngagementType
from domain.ports.stored import Stored


@dataclass(frozen=True, slots=True)
class Reaction(Stored):
    """A reaction by a known person, before it is known whether it changes anything.

    ``region`` is where it counts beside the world. ``once``: it was done to what we served, and
    counts once for each person, post and type; a view is kept then, too.
    """

    user_id: str
    post_id: str
    type: EngagementType
    delta: int
    region: str | None = None
    once: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reaction changes.

    ``counts``: the total moves by ``delta``. ``weight_at`` and ``region``: the trending sums of
    the world and of this region gain (+1) or lose (-1) one contribution dated at this time;
    ``weight`` is 0 where they do not move. What is lost is what was gained, wherever and whenever
    it is taken back.
    """

    counts: bool
    weight: int
    weight_at: float
    region: str | None = None


class Reactions(Protocol):
    """Who reacted to what: sets in PostgreSQL that answer a replay as they answered at first."""

    async def apply(self, batch: Sequence[Reaction]) -> Sequence[Verdict]: ...
    async def of_viewer(
        self, user_id: str, post_ids: Sequence[str]
    ) -> Mapping[str, frozenset[EngagementType]]: ...
