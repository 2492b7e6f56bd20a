"""Access tokens as the identity provider makes them, and as an attacker would like to."""

import functools
import json
from collections.abc import Mapping

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

ISSUER, AUDIENCE, KID = "https://login.example", "explore", "key-1"


@functools.cache
def private_key(name: str) -> rsa.RSAPrivateKey:
    """One key per name and test run: making one takes a tenth of a second."""
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def public_jwk(name: str = KID) -> dict[str, object]:
    jwk = RSAAlgorithm.to_jwk(private_key(name).public_key(), as_dict=True)
    return {**jwk, "kid": name, "use": "sig", "alg": "RS256"}


def key_set(*names: str) -> bytes:
    return json.dumps({"keys": [public_jwk(name) for name in names or (KID,)]}).encode()


def claims(now: float, **changes: object) -> dict[str, object]:
    """Good claims, with changes; a change to None removes the claim."""
    good: dict[str, object] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "u1",
        "iat": int(now),
        "nbf": int(now),
        "exp": int(now) + 900,
        "jti": "t1",
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def sign(
    payload: Mapping[str, object],
    *,
    key: str = KID,
    algorithm: str = "RS256",
    headers: Mapping[str, object] | None = None,
) -> str:
    header = {"typ": "at+jwt", "kid": key} | dict(headers or {})
    return jwt.encode(dict(payload), private_key(key), algorithm=algorithm, headers=header)


def bearer(now: float, **changes: object) -> str:
    """An `Authorization` header with a good token."""
    return f"Bearer {sign(claims(now, **changes))}"
