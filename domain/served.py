"""Posts served to a viewer lately, with their times: a short packed list.

For ten minutes they do not return in another session. They are kept for an hour, so that who comes
back to a session that is over goes on with something else.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SERVED_SECONDS: Final = 600.0
KEPT_SECONDS: Final = 3_600.0
MAX_SERVED: Final = 500
_ENTRY: Final = np.dtype([("key", "<i8"), ("at", "<u4")])


def add(packed: bytes, keys: Ints, now: float) -> bytes:
    """The list with ``keys`` served at ``now``, oldest first, without what is over or repeated."""
    old = _entries(packed)
    old = old[old["at"] > now - KEPT_SECONDS]
    if len(keys):
        again = np.sort(keys)
        old = old[again.take(again.searchsorted(old["key"]), mode="clip") != old["key"]]
    new = np.empty(len(keys), dtype=_ENTRY)
    new["key"], new["at"] = keys, int(now)
    return np.concatenate([old, new])[-MAX_SERVED:].tobytes()


def all_keys(packed: bytes, now: float) -> Ints:
    """The keys of all that is kept, sorted."""
    entries = _entries(packed)
    return np.sort(entries["key"][entries["at"] > now - KEPT_SECONDS])


def age_order(packed: bytes, keys: Ints, now: float) -> Ints:
    """[n], how recently each of ``keys`` was served: 0 for the oldest, -1 for not at all."""
    entries = _entries(packed)
    entries = entries[entries["at"] > now - SERVED_SECONDS]
    if not len(entries) or not len(keys):
        return np.full(len(keys), -1, dtype=np.int64)
    by_key = np.argsort(entries["key"])
    known = entries["key"][by_key]
    rising = np.argsort(keys)  # sorted ones are found several times faster
    wanted = keys[rising]
    places = known.searchsorted(wanted)
    hits = (known.take(places, mode="clip") == wanted).nonzero()[0]
    ages = np.full(len(keys), -1, dtype=np.int64)
    ages[rising[hits]] = by_key[places[hits]]
    return ages


def _entries(packed: bytes) -> NDArray[np.void]:
    return np.frombuffer(packed, dtype=_ENTRY, count=len(packed) // _ENTRY.itemsize)
