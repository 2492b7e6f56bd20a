"""Profiles as they lie in Redis: by columns, which deflate to two fifths of what rows take.

What is alike in many entries lies together: names, which sums each has, the highest bytes of all
sums, and so on. Times are steps from the one before, modulo 2**32. Keys of posts are as good as
random and stay as they are. A value begins with the version of this form; durable copies are in
another one (msgpack), so that a new version loses nothing.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, compress, islice
from typing import Final

import msgspec
import numpy as np

from domain.accumulators import HALF_LIVES, Accumulator
from domain.interests import InterestProfile

VERSION: Final = 1
RAW: Final = -15  # deflate without header and checksum
_HEAD: Final = struct.Struct("<BH")  # version; how many keys of posts follow
_KEY_BYTES: Final = 8
_CLASSES: Final = range(len(HALF_LIVES))
# A set of half-life classes, as sorted keys of a dict, as bits.
_BITS: Final = {
    classes: sum(1 << one for one in classes)
    for size in range(len(HALF_LIVES) + 1)
    for classes in combinations(_CLASSES, size)
}
# For ``bytes.translate``: the lowest of the bits as a class, and the bits without it.
_LOWEST: Final = bytes(max((bits & -bits).bit_length() - 1, 0) for bits in range(256))
_WITHOUT_LOWEST: Final = bytes(bits & max(bits - 1, 0) for bits in range(256))


class _Columns(msgspec.Struct, array_like=True):
    fence: int
    at: float
    interactions: int
    last_active: float
    topics: Sequence[str]
    creators: Sequence[str]
    hashtags: Sequence[str]
    followed: list[str]
    followed_hashtags: list[str]
    liked: int  # how many of the keys
    positive: bytes
    negative: bytes
    sums: bytes
    times: bytes


_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(_Columns).decode


def pack(profile: InterestProfile) -> bytes:
    """Exact for what ``domain.interests`` folds; its times lie before 2106."""
    entries = (
        *profile.topics.values(),
        *profile.creators.values(),
        *profile.hashtags.values(),
    )
    positive, liking = _sum_columns([entry.positive for entry in entries])
    negative, disliking = _sum_columns([entry.negative for entry in entries])
    times = [entry.last for entry in entries]
    keys = (*profile.liked, *profile.saved)
    columns = _Columns(
        fence=profile.fence,
        at=profile.at,
        interactions=profile.interactions,
        last_active=profile.last_active,
        topics=list(profile.topics),
        creators=list(profile.creators),
        hashtags=list(profile.hashtags),
        followed=profile.followed,
        followed_hashtags=profile.followed_hashtags,
        liked=len(profile.liked),
        positive=positive,
        negative=negative,
        sums=_float_bytes(liking + disliking),
        times=_time_bytes([*times, *profile.liked.values(), *profile.saved.values()]),
    )
    deflating = zlib.compressobj(wbits=RAW)
    head = _HEAD.pack(VERSION, len(keys)) + struct.pack(f"<{len(keys)}q", *keys)
    return head + deflating.compress(_encode(columns)) + deflating.flush()


def unpack(packed: bytes) -> InterestProfile | None:
    """None where the value is of another version, or torn."""
    if packed[:1] != bytes((VERSION,)):
        return None
    try:
        return _unpacked(packed)
    except (struct.error, zlib.error, msgspec.DecodeError):
        return None


def _unpacked(packed: bytes) -> InterestProfile:
    _, count = _HEAD.unpack_from(packed)
    end = _HEAD.size + _KEY_BYTES * count
    keys = iter(struct.unpack(f"<{count}q", packed[_HEAD.size : end]))
    columns = _decode(zlib.decompress(packed[end:], RAW))
    sums = _floats(columns.sums)
    seconds = iter(_times(columns.times))
    positive = _sums(columns.positive, sums)
    negative = _sums(columns.negative, sums)
    entries = map(Accumulator, islice(seconds, len(positive)), positive, negative)
    remembered = zip(keys, map(float, seconds), strict=False)
    return InterestProfile(
        fence=columns.fence,
        at=columns.at,
        interactions=columns.interactions,
        topics=dict(zip(columns.topics, entries, strict=False)),
        creators=dict(zip(columns.creators, entries, strict=False)),
        hashtags=dict(zip(columns.hashtags, entries, strict=False)),
        liked=dict(islice(remembered, columns.liked)),
        saved=dict(remembered),
        followed=columns.followed,
        followed_hashtags=columns.followed_hashtags,
        last_active=columns.last_active,
    )


def _sum_columns(entries: Sequence[Mapping[int, float]]) -> tuple[bytes, list[float]]:
    """The classes of each, and the sums: first the lowest of each, 0 where it has none.

    Then the second of those that have two, and so on.
    """
    classes = bytes([_BITS[tuple(sums)] for sums in entries])
    if not any(classes):
        return classes, []
    column = [next(iter(sums.values()), 0.0) for sums in entries]
    for place in _CLASSES[1:]:
        column += [tuple(sums.values())[place] for sums in entries if len(sums) > place]
    return classes, column


def _sums(classes: bytes, column: Iterator[float]) -> list[dict[int, float]]:
    if not any(classes):
        return [{} for _ in classes]
    lowest = zip(classes.translate(_LOWEST), column, strict=False)
    found = [{one: amount} for one, amount in lowest]
    if 0 in classes:
        for sums in compress(found, [not one for one in classes]):
            sums.clear()
    while any(classes := classes.translate(_WITHOUT_LOWEST)):
        holders = compress(found, classes)
        next_ones = compress(classes.translate(_LOWEST), classes)
        for sums, one, amount in zip(holders, next_ones, column, strict=False):
            sums[one] = amount
    return found


def _float_bytes(amounts: Sequence[float]) -> bytes:
    """The upper three bytes of each as a single float: all of 16 significant bits."""
    singles = struct.pack(f"<{len(amounts)}f", *amounts)
    return singles[1::4] + singles[2::4] + singles[3::4]


def _floats(columns: bytes) -> Iterator[float]:
    count = len(columns) // 3
    singles = bytearray(4 * count)
    singles[1::4] = columns[:count]
    singles[2::4] = columns[count : 2 * count]
    singles[3::4] = columns[2 * count :]
    return iter(struct.unpack(f"<{count}f", singles))


def _time_bytes(times: Sequence[float]) -> bytes:
    steps = np.array(times, dtype="<u4")
    steps[1:] -= steps[:-1].copy()
    return steps.view(np.uint8).reshape(-1, 4).T.tobytes()


def _times(columns: bytes) -> list[int]:
    steps = np.frombuffer(columns, dtype=np.uint8).reshape(4, -1).T.copy().view("<u4")
    return np.cumsum(steps, dtype=np.uint32).tolist()
