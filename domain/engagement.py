"""What one partition knows about a post's engagement: totals, decayed sums, distinct people.

States are folded record by record in the order of the log, so that what comes out does not depend
on how records fall into batches, to the last byte.
"""

import math
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final, NamedTuple

import msgspec

from domain.events import EngagementType
from domain.trending import (
    HALF_LIFE,
    PEOPLE_THRESHOLD,
    SCORE_THRESHOLD,
    WEIGHT,
    WINDOW_SECONDS,
    WINDOWS,
    Window,
    pool_score,
)

WORLDWIDE = ""
MAX_REGIONS = 8
MAX_PEOPLE = 8
FULL_STEP: Final = 50  # units of a counter's step that weigh in full
FORGOTTEN: Final = 1e-9  # a sum below it is rounding, or thirty half-lives old
VIRAL_THRESHOLD: Final = {Window.HOUR: 50.0, Window.DAY: 200.0, Window.WEEK: 1_000.0}
VIRAL_AGAIN: Final = 0.5  # of the threshold; a post that falls below it may cross anew

_HALF_LIVES: Final = tuple(HALF_LIFE[window] for window in WINDOWS)
_VIRAL: Final = tuple(VIRAL_THRESHOLD[window] for window in WINDOWS)
_TOTALS: Final = {
    EngagementType.LIKE: "likes",
    EngagementType.COMMENT: "comments",
    EngagementType.REPOST: "reposts",
    EngagementType.SHARE: "shares",
    EngagementType.SAVE: "saves",
    EngagementType.VIEW: "views",
}
_TYPE_BITS: Final = {kind: 1 << place for place, kind in enumerate(EngagementType)}


class Person(msgspec.Struct, array_like=True):
    """A short hash of a user id and when this person last reacted, in epoch seconds.

    ``types`` has a bit for each type of reaction that weighs at present.
    """

    key: int
    at: float
    types: int = 0


class EngagementState(msgspec.Struct, array_like=True):
    """``sums[region]`` holds the decayed sums of HOUR, DAY and WEEK as of ``at`` (epoch seconds).

    ``people`` are the latest distinct ones, at most ``MAX_PEOPLE``; ``viral`` lists the windows
    whose threshold is crossed at present. ``steps`` is the part of the worldwide sums that came
    from counter steps. ``scopes`` are the trending lists that the post is in, with a bit for each
    window. Packed by position: append with defaults.
    """

    likes: int = 0
    comments: int = 0
    reposts: int = 0
    shares: int = 0
    saves: int = 0
    views: int = 0
    at: float = 0.0
    sums: dict[str, list[float]] = {}
    people: list[Person] = []
    viral: list[str] = []
    steps: list[float] = []
    scopes: dict[str, int] = {}


class Contribution(NamedTuple):
    """One record as it changes a post: the total moves by ``delta``, the sums by ``weight``.

    ``at`` dates the weight, in epoch seconds. ``person`` is a ``person_key``, None for a counter
    step. ``region`` counts beside the world.
    """

    type: EngagementType
    delta: int
    weight: float
    at: float
    person: int | None
    region: str | None


def person_key(user_id: str) -> int:
    """32 bits of a user id's hash: enough to tell eight people apart."""
    return int.from_bytes(blake2b(user_id.encode(), digest_size=4).digest(), "big")


def contribution_of_person(  # a row of the log, spelled out
    kind: EngagementType, delta: int, sign: int, at: float, person: int, region: str | None
) -> Contribution:
    """A reaction that gains (+1), loses (-1) or keeps (0) its weight."""
    return Contribution(kind, delta, sign * WEIGHT[kind], at, person, region)


def contribution_of_step(
    kind: EngagementType, delta: int, at: float, region: str | None
) -> Contribution:
    return Contribution(kind, delta, damped(delta) * WEIGHT[kind], at, None, region)


def damped(step: int) -> float:
    """What a counter's step counts in trends: all of it up to ``FULL_STEP``, then ever less.

    Nobody tells when and by whom the units of a large step came, and one import must not own the
    lists. Odd, smooth and growing; a step and its opposite cancel out.
    """
    size = abs(step)
    if size <= FULL_STEP:
        return float(step)
    return math.copysign(FULL_STEP * (1.0 + math.log(size / FULL_STEP)), step)


def fold(state: EngagementState, contribution: Contribution) -> None:
    """Apply one record in place."""
    kind, delta, weight, at, person, region = contribution
    total = _TOTALS[kind]
    setattr(state, total, getattr(state, total) + delta)
    if not weight:
        return
    if at > state.at:
        _decay(state, at)
    _arm_again(state)
    factors = tuple(math.exp2((at - state.at) / half_life) for half_life in _HALF_LIVES)
    _add(state.sums.setdefault(WORLDWIDE, [0.0, 0.0, 0.0]), weight, factors)
    if region and (weight > 0.0 or region in state.sums):
        _add(state.sums.setdefault(region, [0.0, 0.0, 0.0]), weight, factors)
        if len(state.sums) > MAX_REGIONS + 1:
            _drop_least_region(state.sums)
    if person is None:
        state.steps = state.steps or [0.0, 0.0, 0.0]
        _add(state.steps, weight, factors)
    else:
        _note_person(state.people, person, _TYPE_BITS[kind], at, gained=weight > 0)


def crossings(state: EngagementState, at: float) -> list[tuple[Window, float]]:
    """The windows whose viral threshold was crossed since last asked, with their sums at ``at``.

    They are noted in the state. To be asked of posts that may be announced alone: what crosses
    before is told when it may be, if it is still above the threshold then.
    """
    held = state.sums.get(WORLDWIDE)
    if held is None:
        return []
    found: list[tuple[Window, float]] = []
    for window, threshold, half_life, value in zip(
        WINDOWS, _VIRAL, _HALF_LIVES, held, strict=True
    ):
        if value < threshold or window in state.viral:
            continue
        decayed = value * math.exp2(min(0.0, state.at - at) / half_life)
        if decayed >= threshold:
            state.viral.append(window.value)
            found.append((window, decayed))
    return found


def qualifies(state: EngagementState, window: Window) -> bool:
    """Whether enough people reacted within the window, or counters stepped far enough."""
    if state.steps and state.steps[WINDOWS.index(window)] >= SCORE_THRESHOLD:
        return True
    since = state.at - WINDOW_SECONDS[window]
    return sum(person.at >= since for person in state.people) >= PEOPLE_THRESHOLD


def region_score(state: EngagementState, region: str, window: Window) -> float | None:
    """The pool score of a region's sum (or the world's); None where nothing is left of it."""
    place = WINDOWS.index(window)
    value = state.sums.get(region, (0.0, 0.0, 0.0))[place]
    return pool_score(value, state.at, _HALF_LIVES[place]) if value > 0.0 else None


def regions(state: EngagementState) -> Iterable[str]:
    """The regions with a sum of their own."""
    return (region for region in state.sums if region != WORLDWIDE)


def _decay(state: EngagementState, to: float) -> None:
    factors = tuple(math.exp2((state.at - to) / half_life) for half_life in _HALF_LIVES)
    for sums in state.sums.values():
        _multiply(sums, factors)
    if state.steps:
        _multiply(state.steps, factors)
    state.at = to


def _multiply(sums: list[float], factors: tuple[float, ...]) -> None:
    for place, factor in enumerate(factors):
        sums[place] *= factor


def _add(sums: list[float], weight: float, factors: tuple[float, ...]) -> None:
    """An event of the past lands in the past's weight; what cancels out leaves nothing."""
    for place, factor in enumerate(factors):
        value = sums[place] + weight * factor
        sums[place] = value if abs(value) > FORGOTTEN else 0.0


def _drop_least_region(sums: dict[str, list[float]]) -> None:
    least = min((region for region in sums if region), key=lambda one: (sums[one][-1], one))
    del sums[least]


def _note_person(people: list[Person], key: int, bit: int, at: float, *, gained: bool) -> None:
    known = next((person for person in people if person.key == key), None)
    if gained and known is None:
        people.append(Person(key, at, bit))
        if len(people) > MAX_PEOPLE:
            people.remove(min(people, key=lambda person: (person.at, person.key)))
    elif gained and known is not None:
        known.types |= bit
        known.at = max(known.at, at)
    elif known is not None:
        known.types &= ~bit
        if not known.types:
            people.remove(known)


def _arm_again(state: EngagementState) -> None:
    """After the decay and before the record, which may cross at once what had fallen."""
    for place, window in enumerate(WINDOWS) if state.viral else ():
        if window in state.viral and state.sums[WORLDWIDE][place] < _VIRAL[place] * VIRAL_AGAIN:
            state.viral.remove(window)
