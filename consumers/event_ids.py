"""The ids of the latest events of a partition, so that a producer's repeats are noticed."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from struct import Struct
from typing import Final

REMEMBERED: Final = 10_000  # at least so many
SEGMENT: Final = 500  # ids of one segment
SEGMENTS: Final = REMEMBERED // SEGMENT + 1  # the newest one is still filling
_NUMBER: Final = Struct(">Q")
_KEY_BYTES: Final = 8


class EventIds:
    """Hashes in numbered segments; a segment's place is its number modulo ``SEGMENTS``.

    ``remember`` changes nothing until ``keep``: a batch that fails is forgotten by ``drop``.
    """

    def __init__(self, segments: Sequence[bytes] = ()) -> None:
        self._segments = {_NUMBER.unpack_from(one)[0]: _keys(one) for one in segments}
        self._newest = max(self._segments, default=0)
        self._known = {key for keys in self._segments.values() for key in keys}
        self._new: list[int] = []
        self._of_batch: set[int] = set()

    def remember(self, event_id: str) -> bool:
        """Whether the id is new; from now on it is not."""
        digest = blake2b(event_id.encode(), digest_size=_KEY_BYTES).digest()
        key = int.from_bytes(digest, "big")
        if key in self._known or key in self._of_batch:
            return False
        self._of_batch.add(key)
        self._new.append(key)
        return True

    def changed(self) -> Mapping[int, bytes]:
        """The packed segments, by place, that the ids of the batch go into."""
        number, keys = self._newest, list(self._segments.get(self._newest, ()))
        touched: dict[int, list[int]] = {}
        for key in self._new:
            if len(keys) == SEGMENT:
                number, keys = number + 1, []
            keys.append(key)
            touched[number] = keys
        return {number % SEGMENTS: _packed(number, keys) for number, keys in touched.items()}

    def keep(self) -> None:
        """The batch is saved."""
        for key in self._new:
            if len(self._segments.setdefault(self._newest, [])) == SEGMENT:
                self._newest += 1
                self._segments[self._newest] = []
                self._known.difference_update(self._segments.pop(self._newest - SEGMENTS, ()))
            self._segments[self._newest].append(key)
            self._known.add(key)
        self.drop()

    def drop(self) -> None:
        """The batch is not saved; it comes again."""
        self._new = []
        self._of_batch = set()


def _keys(segment: bytes) -> list[int]:
    return [
        int.from_bytes(segment[at : at + _KEY_BYTES], "big")
        for at in range(_NUMBER.size, len(segment), _KEY_BYTES)
    ]


def _packed(number: int, keys: Sequence[int]) -> bytes:
    return _NUMBER.pack(number) + b"".join(key.to_bytes(_KEY_BYTES, "big") for key in keys)
