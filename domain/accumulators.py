"""Decayed sums of a viewer's signals: one per half-life class, positive and negative apart.

Sums are kept as of a reference time (forward decay), so that a signal touches only its own entry.
Every step rounds them to what is stored (``rounded``), so that storing in between changes nothing.
For the same reason names stay in the order of their newest signals, and sums in that of classes.
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
LEAST: Final = 2.0**-64  # smaller sums are nothing; a stored one has no room for them
RESIDUE: Final = 2.0**-12  # of what is taken back: what roundings may have left of it
_SPLITTER: Final = 2.0**37 + 1.0  # leaves 53 - 37 bits


class Accumulator(msgspec.Struct, array_like=True):
    """Positive and negative sums by half-life class, as of the profile's ``at``.

    ``last`` is when the newest signal came, in whole epoch seconds.
    """

    last: int = 0
    positive: dict[int, float] = {}
    negative: dict[int, float] = {}


def rounded(amount: float) -> float:
    """To the nearest of 16 significant bits (Veltkamp's split); below 2**900."""
    high = amount * _SPLITTER
    return high - (high - amount)


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
    elif last >= known.last:
        entries[name] = entries.pop(name)  # to the end
    known.last = max(known.last, last)
    sums = known.negative if negative else known.positive
    amount = rounded(amount)
    total = rounded(sums.get(decay_class, 0.0) + amount)
    if total <= max(LEAST, -amount * RESIDUE):
        sums.pop(decay_class, None)
    elif decay_class in sums or not sums:
        sums[decay_class] = total
    else:
        sums[decay_class] = total
        _sort(sums)


def _sort(sums: dict[int, float]) -> None:
    ordered = sorted(sums.items())
    sums.clear()
    sums.update(ordered)


def settle(entries: dict[str, Accumulator]) -> None:
    """Round and sort, in place, sums of a time when that was not done yet."""
    for entry in entries.values():
        for sums in (entry.positive, entry.negative):
            kept = {kind: rounded(value) for kind, value in sums.items() if value > LEAST}
            sums.clear()
            sums.update(sorted(kept.items()))


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
                sums[decay_class] = rounded(value * fading[decay_class])
                if sums[decay_class] < NEGLIGIBLE:
                    del sums[decay_class]
        if not entry.positive and not entry.negative:
            del entries[name]
