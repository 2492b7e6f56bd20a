"""A token that was checked once: known by its very text, for as long as it and its key hold."""

import pytest

from server.auth import Authenticator, Refusal, TokenRefused
from server.caller import Caller
from server.proved_callers import MOST, Proof, ProvedCallers
from server.signing_keys import COOLDOWN, SigningKeys, parse_keys
from tests.fakes.clock import FixedClock
from tests.server.token_factory import AUDIENCE, ISSUER, KID, bearer, key_set


class Rotating:
    """A set of keys that changes."""

    def __init__(self) -> None:
        self.names = [KID]

    async def __call__(self) -> bytes:
        return key_set(*self.names)


async def test_a_known_token_is_refused_once_it_is_over() -> None:
    clock = FixedClock()
    keys = SigningKeys(Rotating(), clock)
    authenticator = Authenticator(keys, clock, issuer=ISSUER, audience=AUDIENCE)
    header = bearer(clock.now(), sub="ada")
    first, again = [await authenticator.authenticate(header) for _ in range(2)]
    assert again is first
    assert first.viewer_id == "ada"
    clock.advance(900)
    with pytest.raises(TokenRefused) as refused:
        await authenticator.authenticate(header)
    assert refused.value.reason is Refusal.TIME


async def test_a_known_token_is_refused_once_its_key_is_withdrawn() -> None:
    clock, source = FixedClock(), Rotating()
    keys = SigningKeys(source, clock)
    authenticator = Authenticator(keys, clock, issuer=ISSUER, audience=AUDIENCE)
    header = bearer(clock.now())
    await authenticator.authenticate(header)
    source.names = ["key-2"]
    clock.advance(COOLDOWN)
    await keys.refresh()
    with pytest.raises(TokenRefused) as refused:
        await authenticator.authenticate(header)
    assert refused.value.reason is Refusal.KEY


async def test_a_token_with_another_end_is_checked_for_itself() -> None:
    clock = FixedClock()
    keys = SigningKeys(Rotating(), clock)
    authenticator = Authenticator(keys, clock, issuer=ISSUER, audience=AUDIENCE)
    header = bearer(clock.now())
    await authenticator.authenticate(header)
    for forged in (header + "A", header[:-6] + "AAAAAA", header.replace("Bearer ", "Bearer x")):
        with pytest.raises(TokenRefused):
            await authenticator.authenticate(forged)
    assert (await authenticator.authenticate(header.replace("Bearer", "bearer"))).viewer_id == "u1"


def test_only_the_latest_are_known_and_no_token_is_kept() -> None:
    key = parse_keys(key_set())[KID]
    known = ProvedCallers()
    for number in range(MOST + 10):
        known.keep(f"Bearer {number}", Proof(Caller(f"u{number}"), KID, key))
    assert len(known) == MOST
    assert known.find("Bearer 9") is None
    found = known.find("Bearer 10")
    assert found is not None
    assert found.caller.viewer_id == "u10"
    assert "Bearer" not in repr(vars(known))
