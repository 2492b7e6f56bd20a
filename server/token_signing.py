"""Access tokens as an identity provider would sign them: for demos and their GraphiQL only."""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

ALGORITHM: Final = "RS256"
KEY_ID: Final = "demo"
LIFE: Final = 900  # seconds; the longest that the service accepts


class Claims(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whom a token is about: the bare viewer id, the roles, and where the account is."""

    sub: str
    roles: Sequence[str] = ()
    region: str | None = None


def sign(key_file: Path, claims: Claims, *, issuer: str, audience: str, now: float) -> str:
    """An access token of 15 minutes (RFC 9068); `now` in epoch seconds."""
    issued = int(now)
    payload = {
        "iss": issuer,
        "aud": audience,
        "iat": issued,
        "nbf": issued,
        "exp": issued + LIFE,
        "jti": secrets.token_hex(16),
        **msgspec.to_builtins(claims),
    }
    headers = {"typ": "at+jwt", "kid": KEY_ID}
    return jwt.encode(payload, read_key(key_file), algorithm=ALGORITHM, headers=headers)


def read_key(key_file: Path) -> rsa.RSAPrivateKey:
    """The private key in a PEM file."""
    key = load_pem_private_key(key_file.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{key_file} holds no RSA key")
    return key
