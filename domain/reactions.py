"""Who reacted to what: sets that answer a record of the log as they answered it at first.

Likes and saves are sets. Comments, reposts and shares are counted each, but weigh in trends once
per person; those done to what we served count once, as do views of that. Other views are counted
and never kept. All records of a post share a partition, so their sequences order them; a record at
or below ``last`` is a replay and is answered from the history. Where the topic got more partitions
and the post moved, its history begins anew.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from domain.events import EngagementType
from domain.ports.reactions import Reaction, Verdict

SETS: Final = frozenset({EngagementType.LIKE, EngagementType.SAVE})
MAX_CHANGES: Final = 16
NOWHERE: Final = -1
NO_CHANGE: Final = Verdict(counts=False, weight=0, weight_at=0.0)


class Change(msgspec.Struct, frozen=True, array_like=True):
    """What the record with this sequence did to trends: +1, -1 or nothing, when and where."""

    sequence: int
    weight: int
    weight_at: float
    region: str | None = None


class ReactionState(msgspec.Struct, frozen=True):
    """A person's reactions of one type to one post.

    ``weighed_at`` and ``region`` tell when and where trends hold a contribution while ``count`` is
    positive. ``changes`` are the latest records that did more than count one up, oldest first.
    ``last`` and they are sequences of ``partition``, as is ``attributed``: the record that counted
    what was done to what we served.
    """

    count: int = 0
    weighed_at: float = 0.0
    last: int = -1
    changes: tuple[Change, ...] = ()
    region: str | None = None
    partition: int = NOWHERE
    attributed: int = NOWHERE


UNTOUCHED: Final = ReactionState()


def react(state: ReactionState, reaction: Reaction) -> tuple[ReactionState, Verdict]:
    """Apply one record; the state itself comes back where nothing changed."""
    if not is_kept(reaction):
        return state, Verdict(counts=True, weight=0, weight_at=reaction.at)
    here = state
    if state.partition not in (NOWHERE, reaction.partition):
        here = msgspec.structs.replace(state, last=NOWHERE, changes=())
    if reaction.sequence <= here.last:
        return state, _as_at_first(here, reaction)
    after, verdict = _add(here, reaction) if reaction.delta > 0 else _take_back(here, reaction)
    return state if after is here else after, verdict


def is_kept(reaction: Reaction) -> bool:
    return reaction.once or reaction.type is not EngagementType.VIEW


def _as_at_first(state: ReactionState, reaction: Reaction) -> Verdict:
    for change in reversed(state.changes):
        if change.sequence == reaction.sequence:
            return Verdict(True, change.weight, change.weight_at, change.region)
    if reaction.once and reaction.sequence != state.attributed:
        return NO_CHANGE
    if reaction.delta > 0 and reaction.type not in SETS:
        return Verdict(counts=True, weight=0, weight_at=reaction.at)
    return NO_CHANGE


def _add(state: ReactionState, reaction: Reaction) -> tuple[ReactionState, Verdict]:
    once = reaction.once and reaction.type not in SETS
    if once and state.attributed != NOWHERE:
        return state, NO_CHANGE
    if once:
        state = msgspec.structs.replace(state, attributed=reaction.sequence)
    if state.count == 0:
        weight = 0 if reaction.type is EngagementType.VIEW else 1
        change = Change(reaction.sequence, weight, reaction.at, reaction.region)
        return _changed(state, 1, change, reaction.partition)
    if reaction.type in SETS:
        return state, NO_CHANGE
    counted = ReactionState(
        count=state.count + 1,
        weighed_at=state.weighed_at,
        last=reaction.sequence,
        changes=state.changes,
        region=state.region,
        partition=reaction.partition,
        attributed=state.attributed,
    )
    return counted, Verdict(counts=True, weight=0, weight_at=reaction.at)


def _take_back(state: ReactionState, reaction: Reaction) -> tuple[ReactionState, Verdict]:
    if state.count == 0:
        return state, NO_CHANGE
    weight = -1 if state.count == 1 else 0
    change = Change(reaction.sequence, weight, state.weighed_at, state.region)
    return _changed(state, state.count - 1, change, reaction.partition)


def _changed(
    state: ReactionState, count: int, change: Change, partition: int
) -> tuple[ReactionState, Verdict]:
    changed = ReactionState(
        count=count,
        weighed_at=change.weight_at,
        last=change.sequence,
        changes=_bounded((*state.changes, change)),
        region=change.region,
        partition=partition,
        attributed=state.attributed,
    )
    return changed, Verdict(True, change.weight, change.weight_at, change.region)


def _bounded(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Forget the oldest two at once: of a set they cancel out, so totals stay right."""
    return tuple(changes[2:] if len(changes) > MAX_CHANGES else changes)
