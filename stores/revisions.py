"""Packed values with a growing number in front, which guards them against older writes."""

from struct import Struct
from typing import Final

from stores.redis_protocol import Argument

_NUMBER: Final = Struct(">Q")


def framed(number: int, packed: bytes) -> bytes:
    """A value for ``put_latest`` and ``put_expected``; ``number`` is below 2**53."""
    return _NUMBER.pack(number) + packed


def unframed(value: bytes) -> bytes:
    return value[_NUMBER.size :]


def number_of(value: bytes) -> int:
    (number,) = _NUMBER.unpack_from(value)
    return number


def guarded(number: int, packed: bytes, life: int) -> tuple[Argument, ...]:
    """The arguments of ``put_latest``."""
    return (number, framed(number, packed), life)
