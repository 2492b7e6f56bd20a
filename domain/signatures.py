"""Signed text: short binary payloads that clients carry and cannot alter.

A payload is followed by 128 bits of BLAKE2b whose key is derived from a secret and the purpose, so
that a cursor never passes for a token. The first secret signs, all of them verify, so that
secrets can be rotated. Of all texts only the very one that was issued is accepted.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from binascii import b2a_base64
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

MAC_BYTES: Final = 16
MAX_CHARS: Final = 2_048
_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")


class Signer:
    """``purpose`` separates kinds of signed text that share the secrets."""

    def __init__(self, secrets: Sequence[str], purpose: str) -> None:
        if not secrets or not all(secrets):
            raise ValueError("signing needs at least one secret, none of them empty")
        keys = [
            blake2b(purpose.encode(), key=blake2b(secret.encode()).digest()).digest()
            for secret in secrets
        ]
        self._keyed = [blake2b(key=key, digest_size=MAC_BYTES) for key in keys]

    def sign(self, payload: bytes) -> str:
        signed = payload + _mac(self._keyed[0], payload)
        return b2a_base64(signed, newline=False).translate(_URL_SAFE).rstrip(b"=").decode()

    def verify(self, text: str) -> bytes | None:
        """The payload of a text that ``sign`` gave out, else None."""
        if len(text) > MAX_CHARS or not text.isascii():
            return None
        padded = text.encode() + b"=" * (-len(text) % 4)
        try:
            raw = urlsafe_b64decode(padded)
        except Base64Error:
            return None
        if len(raw) <= MAC_BYTES or urlsafe_b64encode(raw) != padded:
            return None  # too short, foreign characters, or loose trailing bits
        payload, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
        for keyed in self._keyed:
            if hmac.compare_digest(mac, _mac(keyed, payload)):
                return payload
        return None


def _mac(keyed: blake2b, payload: bytes) -> bytes:
    mac = keyed.copy()  # which has taken in its key already
    mac.update(payload)
    return mac.digest()
