"""Who is let in, who is refused and why; nobody refused is taken for an anonymous caller."""

import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import jwt
import pytest
from structlog.testing import capture_logs

from server.auth import Authenticator, Refusal, TokenRefused
from server.caller import ANONYMOUS, Caller, Role
from server.signing_keys import COOLDOWN, SigningKeys, fetch_from
from tests.fakes.clock import FixedClock
from tests.server.token_factory import (
    AUDIENCE,
    ISSUER,
    KID,
    bearer,
    claims,
    key_set,
    private_key,
    sign,
)

CLOCK = FixedClock()
NOW = CLOCK.now()


class Provider:
    """An identity provider's key set that counts how often it is asked."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.asked = 0
        self.down = False

    async def __call__(self) -> bytes:
        self.asked += 1
        if self.down:
            raise OSError("unreachable")
        return key_set(*self.names)


def authenticator(
    fetch: Callable[[], Awaitable[bytes]] | None = None, clock: FixedClock = CLOCK
) -> Authenticator:
    keys = SigningKeys(fetch or Provider("key-1"), clock)
    return Authenticator(keys, clock, issuer=ISSUER, audience=AUDIENCE)


async def refusal(header: str) -> Refusal:
    with pytest.raises(TokenRefused) as caught:
        await authenticator().authenticate(header)
    return caught.value.reason


async def test_without_a_header_the_caller_is_anonymous() -> None:
    caller = await authenticator().authenticate(None)
    assert caller is ANONYMOUS
    assert caller == Caller(None, frozenset(), None, None)


async def test_a_good_token() -> None:
    caller = await authenticator().authenticate(
        bearer(NOW, roles=["moderator", "singer"], region="DE", scope="x")
    )
    assert caller == Caller("u1", frozenset({Role.MODERATOR}), "DE", NOW + 900)


async def test_forms_that_are_good_too() -> None:
    good = authenticator()
    several = sign(claims(NOW, aud=["other", AUDIENCE], exp=NOW + 1.5, iat=NOW + 4))
    assert (await good.authenticate(f"bearer {several}")).viewer_id == "u1"
    typed = sign(claims(NOW), headers={"typ": "application/AT+JWT"})
    assert (await good.authenticate(f"Bearer {typed}")).viewer_id == "u1"


async def test_an_admin_is_moderator_and_analyst() -> None:
    caller = await authenticator().authenticate(bearer(NOW, roles=["admin"]))
    assert caller.roles == {"admin", "moderator", "analyst"}


UNTYPED = jwt.encode(
    claims(NOW), private_key(KID), algorithm="RS256", headers={"typ": None, "kid": "key-1"}
)
REFUSED: list[tuple[Refusal, Mapping[str, object]]] = [
    *[(Refusal.CLAIMS, {name: None}) for name in claims(NOW)],
    *[(Refusal.CLAIMS, {name: str(int(NOW))}) for name in ("exp", "iat", "nbf")],
    *[(Refusal.CLAIMS, {name: True}) for name in ("exp", "iat", "nbf", "sub", "jti")],
    *[(Refusal.CLAIMS, {name: 10**400}) for name in ("exp", "iat", "nbf")],
    *[(Refusal.CLAIMS, {name: float("inf")}) for name in ("exp", "iat", "nbf")],
    (Refusal.CLAIMS, {"sub": 7}),
    (Refusal.CLAIMS, {"roles": "admin"}),
    (Refusal.CLAIMS, {"region": "Germany"}),
    (Refusal.CLAIMS, {"region": 49}),
    (Refusal.ISSUER, {"iss": "https://evil.example"}),
    (Refusal.AUDIENCE, {"aud": "billing"}),
    (Refusal.AUDIENCE, {"aud": []}),
    (Refusal.SUBJECT, {"sub": ""}),
    (Refusal.SUBJECT, {"sub": "u/1"}),
    (Refusal.SUBJECT, {"sub": "u1\x00"}),
    (Refusal.SUBJECT, {"sub": "u" * 65}),
    (Refusal.SUBJECT, {"jti": ""}),
    (Refusal.TIME, {"exp": NOW}),
    (Refusal.TIME, {"exp": NOW - 3_600, "iat": NOW - 4_000}),
    (Refusal.TIME, {"nbf": NOW + 6}),
    (Refusal.TIME, {"iat": NOW + 6}),
    (Refusal.LIFETIME, {"exp": NOW + 906}),
    (Refusal.LIFETIME, {"exp": NOW + 800, "iat": NOW - 200}),
]


@pytest.mark.parametrize(("reason", "changes"), REFUSED)
async def test_bad_claims(reason: Refusal, changes: Mapping[str, object]) -> None:
    assert await refusal(bearer(NOW, **changes)) is reason


def unsigned(header: Mapping[str, object], payload: Mapping[str, object]) -> str:
    parts = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in (header, payload)
    )
    return ".".join([*parts, ""])


async def test_bad_signatures_and_headers() -> None:
    good = sign(claims(NOW))
    head, body, signature = good.split(".")
    other = sign(claims(NOW, sub="u2")).split(".")[1]
    assert await refusal(f"Bearer {head}.{other}.{signature}") is Refusal.SIGNATURE
    assert await refusal(f"Bearer {head}.{body}.") is Refusal.HEADER
    assert await refusal(f"Bearer {head}.{body}.AAAA") is Refusal.SIGNATURE
    assert await refusal(f"Bearer {head}.{body}.{signature}=") is Refusal.HEADER
    critical = sign(claims(NOW), headers={"crit": ["exp"]})
    assert await refusal(f"Bearer {critical}") is Refusal.HEADER
    forged = sign(claims(NOW), key="attacker", headers={"kid": "key-1"})
    assert await refusal(f"Bearer {forged}") is Refusal.SIGNATURE
    assert await refusal(f"Bearer {sign(claims(NOW), key='attacker')}") is Refusal.KEY
    for typ in ("JWT", "rt+jwt"):
        assert await refusal(f"Bearer {sign(claims(NOW), headers={'typ': typ})}") is Refusal.TYPE


async def test_the_algorithm_is_pinned() -> None:
    header = {"typ": "at+jwt", "kid": "key-1"}
    none = unsigned({**header, "alg": "none"}, claims(NOW))
    assert await refusal(f"Bearer {none}") is Refusal.HEADER
    assert await refusal(f"Bearer {none}AAAA") is Refusal.HEADER
    for algorithm in ("RS512", "PS256"):
        token = sign(claims(NOW), algorithm=algorithm)
        assert await refusal(f"Bearer {token}") is Refusal.HEADER
    public = private_key(KID).public_key().public_numbers().n.to_bytes(256, "big")
    confused = jwt.encode(claims(NOW), public, algorithm="HS256", headers=header)
    assert await refusal(f"Bearer {confused}") is Refusal.HEADER


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer a.b",
        "Bearer a.b.c",
        "Bearer a.b.c.d.e",
        "Basic dTpw",
        "Bearer " + "a" * 3_000 + "." + "b" * 6_000 + ".c",
        "Bearer é.é.é",
        f"Bearer  {sign(claims(NOW))}",
        f"Bearer {UNTYPED}",
    ],
)
async def test_what_is_no_token(header: str) -> None:
    assert await refusal(header) is Refusal.HEADER


async def test_the_limit_is_on_the_header_not_on_the_claims() -> None:
    large = bearer(NOW, note="x" * 5_000)
    assert len(large) < 8_192
    assert (await authenticator().authenticate(large)).viewer_id == "u1"
    assert await refusal(bearer(NOW, note="x" * 7_000)) is Refusal.HEADER


async def test_without_settings_nobody_is_let_in() -> None:
    keys = SigningKeys(Provider("key-1"), CLOCK)
    for issuer, audience in (("", AUDIENCE), (ISSUER, "")):
        unset = Authenticator(keys, CLOCK, issuer=issuer, audience=audience)
        with pytest.raises(TokenRefused):
            await unset.authenticate(bearer(NOW, iss=issuer or None, aud=audience or None))
        with pytest.raises(TokenRefused):
            await unset.authenticate(bearer(NOW, iss=issuer, aud=audience))


async def test_refusals_are_counted_by_reason() -> None:
    seen: list[Refusal] = []
    keys = SigningKeys(Provider("key-1"), CLOCK)
    counted = Authenticator(keys, CLOCK, issuer=ISSUER, audience=AUDIENCE, on_refusal=seen.append)
    for header in ("Bearer x", bearer(NOW, exp=NOW - 1), bearer(NOW)):
        try:
            await counted.authenticate(header)
        except TokenRefused:
            continue
    assert seen == [Refusal.HEADER, Refusal.TIME]


async def test_a_rotated_key_is_found_at_once() -> None:
    clock, provider = FixedClock(), Provider("key-1")
    subject = authenticator(provider, clock)
    now = clock.now()
    await subject.authenticate(bearer(now))
    provider.names = ("key-1", "key-2")
    clock.advance(COOLDOWN)
    rotated = sign(claims(clock.now()), key="key-2")
    assert (await subject.authenticate(f"Bearer {rotated}")).viewer_id == "u1"
    assert provider.asked == 2


async def test_unknown_keys_cause_one_fetch_in_30_seconds() -> None:
    clock, provider = FixedClock(), Provider("key-1")
    subject = authenticator(provider, clock)
    token = sign(claims(clock.now()), key="attacker")
    for _ in range(50):
        with pytest.raises(TokenRefused):
            await subject.authenticate(f"Bearer {token}")
        clock.advance(0.5)
    assert provider.asked == 1
    clock.advance(COOLDOWN)
    with pytest.raises(TokenRefused):
        await subject.authenticate(f"Bearer {token}")
    assert provider.asked == 2


async def test_a_token_without_a_key_id_means_the_only_key() -> None:
    unnamed = jwt.encode(
        claims(NOW), private_key(KID), algorithm="RS256", headers={"typ": "at+jwt"}
    )
    caller = await authenticator().authenticate(f"Bearer {unnamed}")
    assert caller.viewer_id == "u1"
    two = authenticator(Provider("key-1", "key-2"))
    with pytest.raises(TokenRefused) as caught:
        await two.authenticate(f"Bearer {unnamed}")
    assert caught.value.reason is Refusal.KEY


async def test_other_members_of_the_header_do_no_harm() -> None:
    token = sign(claims(NOW), headers={"x5t": "abc", "cty": "JWT"})
    assert (await authenticator().authenticate(f"Bearer {token}")).viewer_id == "u1"


async def test_the_last_good_keys_are_kept_and_revoked_ones_are_not() -> None:
    clock, provider = FixedClock(), Provider("key-1")
    keys = SigningKeys(provider, clock)
    await keys.refresh()
    provider.down = True
    clock.advance(COOLDOWN)
    with capture_logs() as lines:
        await keys.refresh()
    assert [line["event"] for line in lines] == ["signing_keys.not_fetched"]
    assert await keys.find("key-1") is not None
    provider.down, provider.names = False, ("key-2",)
    clock.advance(COOLDOWN)
    await keys.refresh()
    assert await keys.find("key-1") is None
    assert await keys.find("key-2") is not None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"keys": []}',
        b'{"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "key-1"}]}',
        b'{"keys": [{"kty": "RSA", "kid": "key-1", "n": "AQ"}]}',
        b'{"keys": [{"kty": "RSA", "kid": "key-1", "use": "enc", "n": "AQ", "e": "AQAB"}]}',
    ],
)
async def test_what_is_no_key_set_changes_nothing(content: bytes) -> None:
    clock = FixedClock()
    answers = [key_set(), content]
    results: list[str] = []

    async def fetch() -> bytes:
        return answers.pop(0)

    keys = SigningKeys(fetch, clock, on_fetch=results.append)
    await keys.refresh()
    clock.advance(COOLDOWN)
    with capture_logs():
        await keys.refresh()
    assert await keys.find("key-1") is not None
    assert results == ["ok", "error"]


async def test_keys_from_a_file(tmp_path: Path) -> None:
    file = str(tmp_path / "jwks.json")
    with capture_logs():
        missing = SigningKeys(fetch_from(file), FixedClock())
        assert await missing.find("key-1") is None
    (tmp_path / "jwks.json").write_bytes(key_set())
    assert await SigningKeys(fetch_from(file), FixedClock()).find("key-1") is not None
