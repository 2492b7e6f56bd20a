"""Engagement events into states: pure, record by record, in the order of the log."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from consumers.batches import Received
from consumers.rekeying import is_attributed
from domain.engagement import (
    Contribution,
    EngagementState,
    contribution_of_person,
    contribution_of_step,
    crossings,
    fold,
    person_key,
)
from domain.events import EngagementType, EngagementUpdated
from domain.identifiers import is_region
from domain.ports.partition_state import Crossing
from domain.ports.reactions import Reaction, Verdict
from domain.posts import PostRecord
from domain.trending import WEIGHT

Records = Mapping[str, PostRecord | None]

_COUNTED: Final = Verdict(counts=True, weight=0, weight_at=0.0)


class Counted(NamedTuple):
    """An event that counts; ``verdict`` says what it weighs, where a known person reacted."""

    received: Received
    event: EngagementUpdated
    verdict: Verdict | None


@dataclass(slots=True)
class Tally:
    """What a batch made of a partition.

    ``kept`` are the posts whose states are to be stored: what was counted, also where it comes to
    nothing, and what was stored before. ``moved`` are those whose lists may change, ``left`` the
    lists that they leave.
    """

    states: dict[str, EngagementState] = field(default_factory=dict[str, EngagementState])
    kept: set[str] = field(default_factory=set[str])
    moved: set[str] = field(default_factory=set[str])
    left: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    crossings: list[Crossing] = field(default_factory=list[Crossing])


def may_move(event: EngagementUpdated) -> bool:
    """Whether the event may change lists: a view does not, but for a step of 0, which asks to."""
    return event.type is not EngagementType.VIEW or event.delta == 0


def reactions(
    events: Iterable[tuple[Received, EngagementUpdated]], records: Records
) -> list[Reaction]:
    """What the sets of who reacted have to be asked about."""
    return [
        Reaction(
            partition=received.place.partition,
            sequence=received.sequence,
            at=received.at,
            user_id=event.user_id,
            post_id=event.post_id,
            type=event.type,
            delta=event.delta,
            region=_region(event, records),
            once=event.delta > 0 and is_attributed(event),
        )
        for received, event in events
        if event.user_id is not None and _is_asked_about(event)
    ]


def _is_asked_about(event: EngagementUpdated) -> bool:
    """A view weighs nothing, and counts each time unless we served what was viewed."""
    return event.type is not EngagementType.VIEW or is_attributed(event)


def counted(
    events: Iterable[tuple[Received, EngagementUpdated]], verdicts: Sequence[Verdict]
) -> Iterator[Counted]:
    """The events that count, joined with the verdicts on ``reactions`` of the same events."""
    answers = iter(verdicts)
    for received, event in events:
        if event.user_id is None:
            yield Counted(received, event, None)
        elif not _is_asked_about(event):
            yield Counted(received, event, _COUNTED)
        else:
            verdict = next(answers)
            if verdict.counts:
                yield Counted(received, event, verdict)


def moves(one: Counted) -> bool:
    """Whether the event may change the lists that its post is in; a step of 0 asks to look."""
    if one.verdict is None:
        return one.event.delta == 0 or WEIGHT[one.event.type] > 0.0
    return one.verdict.weight != 0


def tally(
    events: Iterable[Counted],
    states: Mapping[str, EngagementState],
    records: Records,
) -> dict[int, Tally]:
    """Fold events into states, by partition. ``states`` are changed in place."""
    tallies: dict[int, Tally] = {}
    for one in events:
        of_partition = tallies.setdefault(one.received.place.partition, Tally())
        post_id = one.event.post_id
        state = of_partition.states.get(post_id)
        if state is None:
            state = of_partition.states[post_id] = states.get(post_id) or EngagementState()
        if one.event.delta or post_id in states:
            of_partition.kept.add(post_id)
        if not may_move(one.event):
            state.views += one.event.delta
            continue
        fold(state, _contribution(one, records))
        if moves(one):
            of_partition.moved.add(post_id)
        record = records.get(post_id)
        if record is not None and record.recommendable:
            at = max(state.at, one.received.at)
            of_partition.crossings += [
                Crossing(post_id, window, value, at) for window, value in crossings(state, at)
            ]
    return tallies


def _contribution(one: Counted, records: Records) -> Contribution:
    event, verdict = one.event, one.verdict
    if event.user_id is None or verdict is None:
        region = _region(event, records)
        return contribution_of_step(event.type, event.delta, one.received.at, region)
    if not verdict.weight:
        return Contribution(event.type, event.delta, 0.0, one.received.at, None, None)
    person = person_key(event.user_id)
    return contribution_of_person(
        event.type, event.delta, verdict.weight, verdict.weight_at, person, verdict.region
    )


def _region(event: EngagementUpdated, records: Records) -> str | None:
    """Where it happened, if it tells, else where its post belongs."""
    if event.region and is_region(event.region):
        return event.region
    record = records.get(event.post_id)
    return record.region if record is not None else None
