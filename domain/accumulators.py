"""Decayed sums of a viewer's signals: one per half-life class, positive and negative apart.

Sums are kept as of a reference time (forward decay), so that a signal touches only its own entry.
"""

import math
from typing import Final

import msgspec

DAY: Final = 86_400.0
HALF_LIVES: Final = (3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, math.inf)
DAYS_3, DAYS_7, DAYS_14, DAYS_30, FOREVER = range(5)
MAX_ENTRIES: Final = 40  # of topics, creators and hashtags each, after pruning
PRUNE_ABOVE: Final = 50
NEGLIGIBLE: Final = 0.01


class Accumulator(msgspec.Struct, array_like=True):
    """Positive and negative sums by half-life class, as of the profile's ``at``.

    ``last`` is when the newest signal came, in whole epoch seconds.
    """

    last: int = 0
    positive: dict[int, float] = {}
    negative: dict[int, float] = {}


def fading_since(reference: float, now: float) -> tuple[float, ...]:
    """The factor by half-life class that takes a sum as of ``reference`` to ``now``."""
    return tuple(math.exp2((reference - now) / half_life) for half_life in HALF_LIVES)


def add(
    entries: dict[str, Accumulator],
    name: str,
    decay_class: int,
    amount: float,
    *,
    negative: bool,
    last: int,
) -> None:
    """Add ``amount`` to one sum; below zero takes back what was added before, never more."""
    known = entries.get(name)
    if known is None:
        if amount < 0.0:
            return
        known = entries[name] = Accumulator()
    known.last = max(known.last, last)
    sums = known.negative if negative else known.positive
    total = sums.get(decay_class, 0.0) + amount
    if total > 0.0:
        sums[decay_class] = total
    else:
        sums.pop(decay_class, None)


def prune(entries: dict[str, Accumulator], reference: float, now: float) -> None:
    """Keep the ``MAX_ENTRIES`` that weigh most now; ties go by name."""
    fading = fading_since(reference, now)
    weights = {
        name: sum(value * fading[kind] for kind, value in entry.positive.items())
        + sum(value * fading[kind] for kind, value in entry.negative.items())
        for name, entry in entries.items()
    }
    for name in sorted(entries, key=lambda name: (-weights[name], name))[MAX_ENTRIES:]:
        del entries[name]


def rebase(entries: dict[str, Accumulator], reference: float, now: float) -> None:
    """Move sums from one reference time to a later one and drop what has all but gone."""
    fading = fading_since(reference, now)
    for name, entry in list(entries.items()):
        for sums in (entry.positive, entry.negative):
            for decay_class, value in list(sums.items()):
                sums[decay_class] = value * fading[decay_class]
                if sums[decay_class] < NEGLIGIBLE:
                    del sums[decay_class]
        if not entry.positive and not entry.negative:
            del entries[name]
