"""Whom access tokens proved before, so that a token's signature is checked once.

Tokens are never kept: what is looked up is their digest under a key that only this process knows.
"""

import secrets
from collections import OrderedDict
from hashlib import blake2b
from typing import Final, NamedTuple

from jwt import PyJWK

from server.caller import Caller

MOST: Final = 10_000  # callers; some 500 bytes each
DIGEST_BYTES: Final = 16


class Proof(NamedTuple):
    """A caller, and the key that proved it; `kid` as the token names it."""

    caller: Caller
    kid: str
    key: PyJWK


class ProvedCallers:
    def __init__(self) -> None:
        self._secret = secrets.token_bytes(DIGEST_BYTES)
        self._proofs: OrderedDict[bytes, Proof] = OrderedDict()

    def __len__(self) -> int:
        return len(self._proofs)

    def find(self, token: str) -> Proof | None:
        """What the very same text proved; whether that still holds is for the caller to say."""
        digest = self._digest(token)
        found = self._proofs.get(digest)
        if found is not None:
            self._proofs.move_to_end(digest)
        return found

    def keep(self, token: str, proof: Proof) -> None:
        self._proofs[self._digest(token)] = proof
        if len(self._proofs) > MOST:
            self._proofs.popitem(last=False)

    def _digest(self, token: str) -> bytes:
        return blake2b(token.encode(), key=self._secret, digest_size=DIGEST_BYTES).digest()
