"""Access tokens, checked strictly (RFC 9068, RFC 8725): whoever is not proved is not let in.

A missing header is an anonymous caller; a token that fails any check is refused, never ignored.
The library verifies signatures only: it takes lifetimes of any length, numbers as texts and tokens
of any size, and reads the header twice. So the three parts are read and the claims judged here, by
the clock that is given.
"""

import re
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Callable
from enum import StrEnum
from typing import Final, Literal

import msgspec
from jwt import PyJWK

from domain.identifiers import is_identifier, is_region
from runtime.clock import Clock
from server.caller import ANONYMOUS, Caller, Role, widen
from server.proved_callers import Proof, ProvedCallers
from server.signing_keys import SigningKeys

LONGEST_HEADER: Final = 8_192  # bytes
LONGEST_LIFE: Final = 900.0  # seconds
LEEWAY: Final = 5.0  # seconds that two clocks may differ; an end is an end, it gets none
TOKEN_TYPES: Final = frozenset({"at+jwt", "application/at+jwt"})
_BEARER: Final = re.compile(r"(?i:bearer) ([\w-]+)\.([\w-]+)\.([\w-]+)", re.ASCII)
_ROLES: Final = {role.value: role for role in Role}


class Refusal(StrEnum):
    """Why a token was refused: for logs and metrics; callers are told only that it was."""

    HEADER = "header"
    SIGNATURE = "signature"
    KEY = "key"
    TYPE = "type"
    CLAIMS = "claims"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    SUBJECT = "subject"
    TIME = "time"
    LIFETIME = "lifetime"


class TokenRefused(Exception):
    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason = reason


class _Header(msgspec.Struct):
    alg: Literal["RS256"]
    typ: str
    kid: str = ""
    crit: object = None
    b64: object = None

    @property
    def is_plain(self) -> bool:
        """Whether nothing in it changes what the rest means."""
        return self.crit is None and self.b64 is None


class _Claims(msgspec.Struct):
    iss: str
    aud: str | list[str]
    sub: str
    exp: float  # and not `int | float`: a whole number that no float holds is no time
    iat: float
    nbf: float
    jti: str
    roles: list[str] = []
    region: str | None = None


class Authenticator:
    """Turns the text of an `Authorization` header into a `Caller`."""

    def __init__(
        self,
        keys: SigningKeys,
        clock: Clock,
        *,
        issuer: str,
        audience: str,
        on_refusal: Callable[[Refusal], None] = lambda _reason: None,
    ) -> None:
        self._keys = keys
        self._clock = clock
        self._issuer = issuer
        self._audience = audience
        self._on_refusal = on_refusal
        self._proofs = ProvedCallers()
        self._read_header = msgspec.json.Decoder(_Header).decode
        self._read_claims = msgspec.json.Decoder(_Claims).decode

    async def authenticate(self, authorization: str | None) -> Caller:
        """The caller that a header proves.

        Raises:
            TokenRefused: for a header that proves nobody.

        """
        if authorization is None:
            return ANONYMOUS
        try:
            return await self._known(authorization) or await self._proved(authorization)
        except TokenRefused as refused:
            self._on_refusal(refused.reason)
            raise

    def is_over(self, caller: Caller) -> bool:
        """Whether the proof of who the caller is has ended since."""
        return caller.expires_at is not None and caller.expires_at <= self._clock.now()

    def seconds_left(self, caller: Caller) -> float | None:
        """How long the proof of who the caller is still holds; None where there is none."""
        return None if caller.expires_at is None else caller.expires_at - self._clock.now()

    async def _known(self, authorization: str) -> Caller | None:
        """Whom the same header proved before, while the key that signed it is in force."""
        if len(authorization) > LONGEST_HEADER:
            raise TokenRefused(Refusal.HEADER)
        proof = self._proofs.find(authorization)
        if proof is None:
            return None
        if self.is_over(proof.caller):
            raise TokenRefused(Refusal.TIME)
        return proof.caller if await self._keys.find(proof.kid) is proof.key else None

    async def _proved(self, authorization: str) -> Caller:
        payload, kid, key = await self._verified(authorization)
        caller = self._judge(payload)
        self._proofs.keep(authorization, Proof(caller, kid, key))
        return caller

    async def _verified(self, authorization: str) -> tuple[bytes, str, PyJWK]:
        """Payload, key id and key of a token whose signature, algorithm and type are right."""
        parts = _BEARER.fullmatch(authorization)
        if parts is None:
            raise TokenRefused(Refusal.HEADER)
        try:
            raw_header, payload, signature = (_decode(part) for part in parts.groups())
            header = self._read_header(raw_header)
        except (Base64Error, msgspec.MsgspecError, UnicodeDecodeError):
            raise TokenRefused(Refusal.HEADER) from None
        if not header.is_plain:
            raise TokenRefused(Refusal.HEADER)
        if header.typ.lower() not in TOKEN_TYPES:
            raise TokenRefused(Refusal.TYPE)
        key = await self._keys.find(header.kid)
        if key is None:
            raise TokenRefused(Refusal.KEY)
        signed = f"{parts[1]}.{parts[2]}".encode()
        if not key.Algorithm.verify(signed, key.key, signature):
            raise TokenRefused(Refusal.SIGNATURE)
        return payload, header.kid, key

    def _judge(self, payload: bytes) -> Caller:
        try:
            claims = self._read_claims(payload)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise TokenRefused(Refusal.CLAIMS) from None
        audiences = [claims.aud] if isinstance(claims.aud, str) else claims.aud
        if not self._issuer or claims.iss != self._issuer:
            raise TokenRefused(Refusal.ISSUER)
        if not self._audience or self._audience not in audiences:
            raise TokenRefused(Refusal.AUDIENCE)
        if not is_identifier(claims.sub) or not claims.jti:
            raise TokenRefused(Refusal.SUBJECT)
        if claims.region is not None and not is_region(claims.region):
            raise TokenRefused(Refusal.CLAIMS)
        self._judge_times(claims)
        roles = frozenset(_ROLES[role] for role in claims.roles if role in _ROLES)
        return Caller(claims.sub, widen(roles), claims.region, claims.exp)

    def _judge_times(self, claims: _Claims) -> None:
        now = self._clock.now()
        started = claims.iat <= now + LEEWAY and claims.nbf <= now + LEEWAY
        if not started or claims.exp <= now:
            raise TokenRefused(Refusal.TIME)
        if claims.exp - claims.iat > LONGEST_LIFE + LEEWAY:
            raise TokenRefused(Refusal.LIFETIME)


def _decode(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
