"""Words, pairs of words and pieces of words, hashed into buckets: one vectorized pass per batch.

Hashing needs no vocabulary, so a model is a vector of weights and unseen words cost nothing. The
hash is a polynomial over code points in 64-bit arithmetic, mixed by a multiplication whose upper
bits are the bucket (Knuth, TAOCP 3, 6.4). Words have the lower half of the buckets, pieces the
upper, each normalized to length 1 by itself, so that few words weigh as much as many pieces.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

HALF_BITS: Final = 17
BUCKETS: Final = 2 << HALF_BITS
PIECE_LENGTHS: Final = (2, 3, 4, 5)
_BASE: Final = np.uint64(0x9E3779B97F4A7C15)
_PAIR: Final = np.uint64(0xA0761D6478BD642F)
_MIX: Final = np.uint64(0xD6E8FEB86659FD93)
_TOP: Final = np.uint64(64 - HALF_BITS)
_ROW_SHIFT: Final = np.uint64(HALF_BITS + 1)
_PIECES: Final = np.uint64(1 << HALF_BITS)

_ASCII_END: Final = np.uint64(128)
_PUNCTUATION_BLOCKS: Final = (0x2000 >> 6, 0x3000 >> 6)

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class NgramRows:
    """A sparse matrix by rows: row i is ``starts[i]:starts[i + 1]`` of buckets and values.

    No row is empty: a text without words has at least one piece.
    """

    buckets: NDArray[np.int32]
    values: NDArray[np.float32]
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        return np.diff(self.starts)

    def merged(self, buckets: int) -> "NgramRows":
        """With neighboring buckets made one, so that there are only so many (a power of two)."""
        shift = (BUCKETS // buckets).bit_length() - 1
        return self if not shift else NgramRows(self.buckets >> shift, self.values, self.starts)

    def selected(self, rows: NDArray[np.bool_]) -> "NgramRows":
        kept = np.repeat(rows, self.lengths)
        starts = np.append(0, np.cumsum(self.lengths[rows]))
        return NgramRows(self.buckets[kept], self.values[kept], starts)

    def sums(self, weights: NDArray[np.floating] | NDArray[np.int8]) -> NDArray[np.float64]:
        """Each row's weighted sum, a column per row of ``weights`` (labels, buckets)."""
        buckets = self.merged(weights.shape[1]).buckets
        starts = self.starts[:-1]
        columns = [np.add.reduceat(self.values * one[buckets], starts) for one in weights]
        return np.stack(columns, axis=1).astype(np.float64)


def hash_ngrams(folded: Sequence[str]) -> NgramRows:
    """The n-grams of folded texts, each counted once: words, neighbors, pieces of 2 to 5."""
    points, owners = _code_points(folded)
    keys = np.sort(np.concatenate([*_words(points, owners), *_pieces(points, owners)]))
    # Not np.unique, which hashes: of keys like these it makes one long chain.
    keys = keys[np.diff(keys, prepend=~keys[:1]) != 0]
    rows = (keys >> _ROW_SHIFT).astype(np.int64)
    is_piece = (keys & _PIECES) != 0
    group = 2 * rows + is_piece
    values = 1.0 / np.sqrt(np.bincount(group, minlength=2 * len(folded)))[group]
    buckets = keys & np.uint64(BUCKETS - 1)
    starts = np.searchsorted(rows, np.arange(len(folded) + 1))
    return NgramRows(buckets.astype(np.int32), values.astype(np.float32), starts)


def _code_points(folded: Sequence[str]) -> tuple[Hashes, Hashes]:
    """All characters, each text between two spaces, and the number of each one's text."""
    padded = [f" {text} " for text in folded]
    raw = "".join(padded).encode("utf-32-le", "surrogatepass")
    points = np.frombuffer(raw, np.uint32).astype(np.uint64)
    lengths = np.fromiter(map(len, padded), np.int64, len(padded))
    return points, np.repeat(np.arange(len(padded), dtype=np.uint64), lengths)


def _pieces(points: Hashes, owners: Hashes) -> list[Hashes]:
    keys: list[Hashes] = []
    rolling = points
    for length in range(2, PIECE_LENGTHS[-1] + 1):
        rolling = rolling[:-1] * _BASE + points[length - 1 :]
        first = owners[: len(rolling)]
        whole = first == owners[length - 1 :]
        if length in PIECE_LENGTHS:
            keys.append(_keys(rolling[whole], first[whole]) | _PIECES)
    return keys


def _words(points: Hashes, owners: Hashes) -> list[Hashes]:
    # Every text starts and ends outside a word, so edges come in pairs.
    edges = np.flatnonzero(np.diff(_in_word(points).astype(np.int8)))
    starts, ends = edges[::2] + 1, edges[1::2] + 1
    if not len(starts):
        return []
    powers = np.multiply.accumulate(np.full(int((ends - starts).max()), _BASE))
    lengths = ends - starts
    within = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    letters = points[np.repeat(starts, lengths) + within] * powers[within]
    words = np.add.reduceat(letters, np.cumsum(lengths) - lengths)
    texts = owners[starts]
    neighbors = texts[:-1] == texts[1:]
    pairs = (words[:-1] * _PAIR + words[1:])[neighbors]
    return [_keys(words, texts), _keys(pairs, texts[:-1][neighbors])]


def _in_word(points: Hashes) -> NDArray[np.bool_]:
    """ASCII letters and digits, and all beyond ASCII but general and CJK punctuation."""
    lower = points | np.uint64(32)
    ascii_letter = (lower >= ord("a")) & (lower <= ord("z")) & (points < _ASCII_END)
    digit = (points >= ord("0")) & (points <= ord("9"))
    punctuation = np.isin(points >> np.uint64(6), _PUNCTUATION_BLOCKS)
    return ascii_letter | digit | ((points >= _ASCII_END) & ~punctuation)


def _keys(hashes: Hashes, rows: Hashes) -> Hashes:
    return (rows << _ROW_SHIFT) | ((hashes * _MIX) >> _TOP)
