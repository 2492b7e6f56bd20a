"""Cursors: a place in a ranked session, or after a row of a list that is not ranked.

A cursor is bound to its operation, the arguments (page size apart) and the viewer, by a digest
called its scope. Errors never say which check failed.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from struct import Struct
from typing import Final, NamedTuple, TypeVar

import msgspec

from domain.errors import MalformedCursor
from domain.signatures import Signer

PAGING: Final = frozenset({"first", "last", "after", "before"})
SCOPE_BYTES: Final = 8
SESSION_BYTES: Final = 16
_RECORD: Final = Struct(f">{SCOPE_BYTES}s{SESSION_BYTES}sI")

KeyT = TypeVar("KeyT")
Key = Sequence[str | int | float]
Argument = str | int | float | bool | None | Sequence["Argument"] | Mapping[str, "Argument"]


class SessionCursor(NamedTuple):
    """``session`` is 32 hex digits; ``offset`` the place of the next item."""

    session: str
    offset: int


def scope_of(operation: str, arguments: Mapping[str, Argument], viewer: str | None) -> bytes:
    """The digest that binds a cursor to what it was issued for; the page size may change."""
    fixed = {name: value for name, value in arguments.items() if name not in PAGING}
    text = json.dumps([operation, fixed, viewer], sort_keys=True, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=SCOPE_BYTES).digest()


class SessionCursors:
    """Cursors into ranked sessions."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._signer = Signer(secrets, "explore.cursor.session")

    def encode(self, cursor: SessionCursor, scope: bytes) -> str:
        return self._signer.sign(_RECORD.pack(scope, bytes.fromhex(cursor.session), cursor.offset))

    def decode(self, text: str, scope: bytes) -> SessionCursor:
        """The cursor, or ``MalformedCursor``."""
        found = self._open(text)
        if found is None or not hmac.compare_digest(found[0], scope):
            raise MalformedCursor
        return found[1]

    def session_of(self, text: str) -> str | None:
        """The session of a cursor of ours, whatever its scope, so that it can be read ahead."""
        found = self._open(text)
        return None if found is None else found[1].session

    def _open(self, text: str) -> tuple[bytes, SessionCursor] | None:
        payload = self._signer.verify(text)
        if payload is None or len(payload) != _RECORD.size:
            return None
        scope, session, offset = _RECORD.unpack(payload)
        return scope, SessionCursor(session.hex(), offset)


class KeysetCursors:
    """Cursors after a row of a list with a fixed order, such as (created_at, id)."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._signer = Signer(secrets, "explore.cursor.keyset")

    def encode(self, key: Key, scope: bytes) -> str:
        return self._signer.sign(scope + msgspec.msgpack.encode(key))

    def decode(self, text: str, scope: bytes, shape: type[KeyT]) -> KeyT:
        """The key as ``shape``, such as ``tuple[float, str]``, or ``MalformedCursor``."""
        payload = self._signer.verify(text)
        if payload is None or not hmac.compare_digest(payload[:SCOPE_BYTES], scope):
            raise MalformedCursor
        try:
            return msgspec.msgpack.decode(payload[SCOPE_BYTES:], type=shape)
        except msgspec.MsgspecError:
            raise MalformedCursor from None
