"""The demo's own key pair: it signs access tokens as an identity provider would.

The key lies in the state folder beside the JWKS file with its public half, so that tokens survive
a restart. With `EXPLORE_JWKS` given, the demo makes no keys.
"""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import RSAAlgorithm

from demo.private_files import write_privately

ALGORITHM: Final = "RS256"
KEY_FILE: Final = "signing-key.pem"
JWKS_FILE: Final = "jwks.json"
KEY_ID: Final = "demo"
KEY_BITS: Final = 2048
LIFE: Final = 900  # seconds; the longest that the service accepts


class Claims(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whom a token is about: the bare viewer id, the roles, and where the account is."""

    sub: str
    roles: Sequence[str] = ()
    region: str | None = None


def ensure_key(state: Path) -> tuple[Path, Path]:
    """The paths of the private key and of the JWKS file; made if they are not there."""
    key_file, jwks_file = state / KEY_FILE, state / JWKS_FILE
    if not key_file.exists():
        key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_privately(key_file, pem)
    public = RSAAlgorithm.to_jwk(_read(key_file).public_key(), as_dict=True)
    public |= {"kid": KEY_ID, "use": "sig", "alg": ALGORITHM}
    jwks_file.write_bytes(msgspec.json.encode({"keys": [public]}))
    return key_file, jwks_file


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
    return jwt.encode(payload, _read(key_file), algorithm=ALGORITHM, headers=headers)


def _read(key_file: Path) -> rsa.RSAPrivateKey:
    key = load_pem_private_key(key_file.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{key_file} holds no RSA key")
    return key
