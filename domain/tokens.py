"""Impression tokens: proof that a post was served to a viewer, where and when.

Opaque to clients, signed, valid for 24 hours, each for its own viewer only. Whether one was used
already is the caller's to check: ``viewer, request_id, position`` names an impression.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from domain.errors import TokenExpired, TokenInvalid
from domain.signatures import Signer

VALID_SECONDS: Final = 86_400.0
CLOCK_SKEW: Final = 60.0


class Impression(msgspec.Struct, frozen=True, array_like=True):
    """``served_at`` is in epoch seconds; ``viewer`` None for an anonymous caller.

    ``propensity`` is the probability with which an exploration slot chose the post.
    """

    viewer: str | None
    post: str
    request_id: str
    position: int
    surface: str
    served_at: float
    propensity: float | None = None


class ImpressionTokens:
    """Issues tokens and reads them back; the first secret signs, all of them verify."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._signer = Signer(secrets, "explore.impression")
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(Impression)

    def issue(self, impression: Impression) -> str:
        return self._signer.sign(self._encoder.encode(impression))

    def read(self, token: str, *, viewer: str | None, post: str, now: float) -> Impression:
        """The impression; ``TokenInvalid`` where it is not this viewer's of this post."""
        payload = self._signer.verify(token)
        if payload is None:
            raise TokenInvalid
        try:
            impression = self._decoder.decode(payload)
        except msgspec.MsgspecError:
            raise TokenInvalid from None
        if impression.viewer != viewer or impression.post != post:
            raise TokenInvalid
        if impression.served_at > now + CLOCK_SKEW:
            raise TokenInvalid
        if now - impression.served_at > VALID_SECONDS:
            raise TokenExpired
        return impression
