"""The demo's tokens are what the service asks for."""

from pathlib import Path

import pytest

from demo.signing_key import ensure_key
from server.auth import Authenticator, TokenRefused
from server.caller import Caller, Role
from server.signing_keys import SigningKeys, fetch_from
from server.token_signing import Claims, sign
from tests.fakes.clock import FixedClock

NOW = 1_800_000_000.0


async def authenticator(jwks: Path, now: float) -> Authenticator:
    clock = FixedClock(now)
    keys = SigningKeys(fetch_from(str(jwks)), clock)
    return Authenticator(keys, clock, issuer="demo", audience="explore")


async def test_the_service_believes_a_token_of_the_demo(tmp_path: Path) -> None:
    key, jwks = ensure_key(tmp_path)
    claims = Claims("mira", ["moderator"], "DE")
    token = sign(key, claims, issuer="demo", audience="explore", now=NOW)
    caller = await (await authenticator(jwks, NOW + 1)).authenticate(f"Bearer {token}")
    assert caller == Caller("mira", frozenset({Role.MODERATOR}), "DE", NOW + 900)


async def test_it_lasts_fifteen_minutes(tmp_path: Path) -> None:
    key, jwks = ensure_key(tmp_path)
    token = sign(key, Claims("mira"), issuer="demo", audience="explore", now=NOW)
    last = await (await authenticator(jwks, NOW + 899)).authenticate(f"Bearer {token}")
    assert last.viewer_id == "mira"
    with pytest.raises(TokenRefused):
        await (await authenticator(jwks, NOW + 901)).authenticate(f"Bearer {token}")


def test_the_key_is_kept_and_private(tmp_path: Path) -> None:
    key, jwks = ensure_key(tmp_path)
    before = key.read_bytes(), jwks.read_bytes()
    assert ensure_key(tmp_path) == (key, jwks)
    assert (key.read_bytes(), jwks.read_bytes()) == before
    assert key.stat().st_mode & 0o777 == 0o600
    assert b'"d"' not in jwks.read_bytes()
