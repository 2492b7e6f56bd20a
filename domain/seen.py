"""Posts a viewer has seen in the last seven days: daily Bloom filters in one short value.

A day's filter is a chain of blocks; each next block is twice as large as the one before, so that
busy days raise the rate of false answers only slowly. Eight days are kept, so that seven full ones
hold. "Seen" may be wrong (about 1 % at 700 posts a week), "not seen" is right.

A block is its header (day, number in the chain, posts held) and its bits, packed. Adding the same
post twice changes nothing.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import groupby
from struct import Struct
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint16]
Mask = NDArray[np.bool_]

DAY: Final = 86_400
DAYS: Final = 8
WORDS: Final = 8
FIRST_BLOCK_POSTS: Final = 100
FIRST_BLOCK_BITS: Final = 1_408  # 14 bits a post
LAST_BLOCK: Final = 5  # 3,200 posts; a fuller one holds on, with more false answers
OPENED: Final = 128  # filters kept ready, at most some 360 KB each, usually 10
_HEADER: Final = Struct("<HBH")
_DIGEST: Final = Struct(f"<{WORDS}H")
_MOST_COUNTED: Final = 0xFFFF
# Whole numbers with a bit per day for each block of a chain, by the number of its last block.
_WIDTHS: Final = (np.uint8, np.uint16, np.uint32, np.uint32, np.uint64, np.uint64)


class Block(NamedTuple):
    day: int
    number: int
    posts: int
    bits: bytes | bytearray


def digest_words(post_id: str) -> tuple[int, ...]:
    """Eight independent 16-bit words of an id, the same in every process (BLAKE2b)."""
    return _DIGEST.unpack(blake2b(post_id.encode(), digest_size=2 * WORDS).digest())


def add(packed: bytes, post_ids: Iterable[str], at: float) -> bytes:
    """The filter with the posts seen ``at`` (epoch seconds) and without days that are over."""
    day = int(at // DAY)
    blocks = list(_blocks(packed))
    newest = max([day, *(block.day for block in blocks)])
    blocks = [block for block in blocks if block.day > newest - DAYS]
    if day > newest - DAYS:
        todays = [block for block in blocks if block.day == day]
        others = [block for block in blocks if block.day != day]
        for post_id in post_ids:
            _insert(todays, day, digest_words(post_id))
        blocks = sorted(others + todays, key=lambda block: (block.number, block.day))
    return b"".join(
        _HEADER.pack(block.day, block.number, block.posts) + block.bits for block in blocks
    )


def check(packed: bytes, digest: Words, now: float) -> Mask:
    """[n], whether each post was seen within the days kept; ``digest`` is [n, 8]."""
    seen = np.zeros(len(digest), dtype=np.bool_)
    blocks = _opened(packed, int(now // DAY))
    if not len(blocks):
        return seen
    size = np.uint32(len(blocks))
    # Two words leave few rows for the others.
    first, second = (digest[:, :2].T * size) >> 16
    found = blocks[first] & blocks[second]
    rows = found.nonzero()[0]
    if len(rows):
        others = (digest[rows, 2:] * size) >> 16
        seen[rows] = np.bitwise_and.reduce(blocks[others], axis=1) & found[rows] != 0
    return seen


@lru_cache(maxsize=OPENED)
def _opened(packed: bytes, today: int) -> NDArray[np.unsignedinteger]:
    """A number per position of the largest block with a bit per block; empty where there is none.

    A place in a smaller block is the one in the largest, halved once for each block in between,
    so that one lookup answers for all. Kept, for the pages of a viewer come together.
    """
    live = [block for block in _blocks(packed) if block.day > today - DAYS]
    if not live:
        return np.empty(0, dtype=np.uint8)
    last = max(block.number for block in live)
    opened = np.zeros(_bits(last), dtype=_WIDTHS[last])
    for number, chain in groupby(live, key=lambda block: block.number):
        by_day = np.zeros(_bits(number), dtype=np.uint8)
        for place, block in enumerate(chain):
            by_day |= np.unpackbits(np.frombuffer(block.bits, dtype=np.uint8)) << place
        wide = by_day.astype(opened.dtype) << opened.dtype.type(DAYS * number)
        parts = opened.reshape(len(wide), -1)
        parts |= wide[:, np.newaxis]
    return opened


def _insert(todays: list[Block], day: int, words: tuple[int, ...]) -> None:
    if any(_holds(block, words) for block in todays):
        return
    last = todays[-1] if todays else None
    full = last is not None and last.posts >= FIRST_BLOCK_POSTS << last.number
    if last is None or (full and last.number < LAST_BLOCK):
        number = 0 if last is None else last.number + 1
        last = Block(day, number, 0, bytearray(_bits(number) // 8))
        todays.append(last)
    bits = bytearray(last.bits)
    for word in words:
        place = word * _bits(last.number) >> 16
        bits[place >> 3] |= 128 >> (place & 7)
    todays[-1] = Block(day, last.number, min(last.posts + 1, _MOST_COUNTED), bits)


def _holds(block: Block, words: tuple[int, ...]) -> bool:
    size = _bits(block.number)
    return all(
        block.bits[(place := word * size >> 16) >> 3] & 128 >> (place & 7) for word in words
    )


def _bits(number: int) -> int:
    return FIRST_BLOCK_BITS << number


def _blocks(packed: bytes) -> Iterator[Block]:
    """The whole blocks, ordered by number and day; a torn end is left out."""
    at = 0
    while at + _HEADER.size <= len(packed):
        day, number, posts = _HEADER.unpack_from(packed, at)
        start = at + _HEADER.size
        at = start + _bits(number) // 8
        if number > LAST_BLOCK or at > len(packed):
            return
        yield Block(day, number, posts, packed[start:at])
