"""Reference rankers that are not the product's: chance and plain item kNN."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_STEPS: Final = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
_BLOCK: Final = 512


def chance(keys: Ints, salt: int) -> Floats:
    """[n] in [0, 1): the same for the same key and salt, and random otherwise (SplitMix64)."""
    mixed = keys.astype(np.uint64) + np.uint64((salt * 0x9E3779B97F4A7C15) % 2**64)
    for shift, factor in _STEPS:
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return (mixed ^ (mixed >> np.uint64(31))) / 2.0**64


class ItemKnn:
    """Cosine between items over all people, the ``keep`` nearest of each item scored."""

    def __init__(self, people: Ints, items: Ints, count: int, keep: int) -> None:
        keep = min(keep, count)
        table = np.zeros((int(people.max()) + 1, count), dtype=np.float32)
        table[people, items] = 1.0
        norms = np.sqrt(np.maximum(table.sum(axis=0), 1.0))
        self._near = np.zeros((count, keep), dtype=np.int64)
        self._cosine = np.zeros((count, keep))
        for start in range(0, count, _BLOCK):
            block = np.arange(start, min(start + _BLOCK, count))
            cosine = (table[:, block].T @ table) / norms[block, None] / norms
            cosine[np.arange(len(block)), block] = 0.0
            near = np.argpartition(-cosine, keep - 1, axis=1)[:, :keep]
            self._near[block] = near
            self._cosine[block] = np.take_along_axis(cosine, near, axis=1)

    def score(self, history: Ints) -> Floats:
        """[items], the summed cosines to what the history holds."""
        present = np.zeros(len(self._near))
        present[history] = 1.0
        return (present[self._near] * self._cosine).sum(axis=1)
