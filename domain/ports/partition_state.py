"""Where a partition's consumer goes on after a stop or a crash."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.trending import Window


@dataclass(frozen=True, slots=True)
class Crossing:
    """At ``at`` a post's sum of a window rose above the viral threshold, to ``score``."""

    post_id: str
    window: Window
    score: float
    at: float


@dataclass(frozen=True, slots=True)
class PartitionState:
    """Where a partition's consumer goes on.

    ``fence`` is -1 where nothing was applied. ``dirty`` are the posts whose pools the last batch
    moved, each with the scopes that it left (``EngagementState.scopes``), and ``crossings`` what
    it has to announce; both are done again after a crash.
    ``event_ids`` are the segments of ``EventIds``.
    """

    fence: int
    dirty: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])
    crossings: Sequence[Crossing] = ()
    event_ids: Sequence[bytes] = ()
