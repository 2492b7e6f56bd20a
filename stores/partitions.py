"""Which partition Kafka's default partitioner gives a key: murmur2, as Kafka's clients have it."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

_SEED: Final = 0x9747B28C
_MIX: Final = 0x5BD1E995
_WORD: Final = 0xFFFFFFFF
_WORD_BYTES: Final = 4


def partitions_of(keys: Sequence[bytes], partitions: int) -> list[int]:
    """The partition of each key among ``partitions``; many cost little more than one."""
    by_length: dict[int, list[int]] = {}
    for place, key in enumerate(keys):
        by_length.setdefault(len(key), []).append(place)
    found = [0] * len(keys)
    for length, places in by_length.items():
        hashes = _murmur2(b"".join(keys[place] for place in places), length, len(places))
        of_length = (hashes & 0x7FFFFFFF) % partitions
        for place, partition in zip(places, of_length.tolist(), strict=True):
            found[place] = partition
    return found


def _murmur2(data: bytes, length: int, count: int) -> NDArray[np.integer]:
    """Hashes of ``count`` keys of one length, which ``data`` holds one after the other.

    64-bit words hold the products, of which the lower 32 bits count.
    """
    padding = -length % _WORD_BYTES
    bytes_ = np.frombuffer(data, np.uint8).reshape(count, length)
    words = np.pad(bytes_, ((0, 0), (0, padding))).view("<u4").astype(np.uint64)
    state = np.full(count, _SEED ^ length, np.uint64)
    whole = length // _WORD_BYTES
    for at in range(whole):
        word = words[:, at] * _MIX & _WORD
        word = (word ^ word >> 24) * _MIX & _WORD
        state = state * _MIX & _WORD ^ word
    if padding:
        state = (state ^ words[:, whole]) * _MIX & _WORD
    state = (state ^ state >> 13) * _MIX & _WORD
    return state ^ state >> 15
