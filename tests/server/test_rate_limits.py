"""Who is charged, how much, in which bucket; the answer over a limit; the process's own limits."""

import random
from fractions import Fraction

import pytest

from domain.ports.viewers import Charge
from server.caller import ANONYMOUS, Caller
from server.manifests import document_id
from server.rate_limits import (
    MAX_PARTIES,
    Bucket,
    LocalRateLimits,
    Quotas,
    bucket_of,
    charge_for,
)
from tests.fakes.clock import FixedClock
from tests.server.token_factory import bearer
from tests.server.toy_app import Toy, codes

PAGE = {"query": "{ explore { nodes { id } } }"}
NAME, SEARCH = {"query": "{ name }"}, {"query": '{ search(query: "x") { nodes { id } } }'}
PRODUCTION = {
    "EXPLORE_ENVIRONMENT": "production",
    "EXPLORE_DOCUMENTS": "preferred",
    "EXPLORE_SECRET": "s" * 32,
}
MIXED = '{ name search(query: "x") { nodes { id } } }'


def charged(text: str, caller: Caller = ANONYMOUS, points: int = 1_500) -> Charge:
    prepared = Toy().source.prepare(text)
    return charge_for(prepared.operations[0], points, caller, "203.0.113.7", Quotas())


ADA = Caller("ada")


@pytest.mark.parametrize(
    ("text", "caller", "charge"),
    [
        ("{ name }", ADA, Charge("viewer:ada", 2, 120)),
        ("{ name }", ANONYMOUS, Charge("address:203.0.113.7", 2, 30)),
        (SEARCH["query"], ADA, Charge("search:viewer:ada", 2, 60)),
        (SEARCH["query"], ANONYMOUS, Charge("search:address:203.0.113.7", 2, 60)),
        ("{ rateLimit " + SEARCH["query"][1:], ADA, Charge("search:viewer:ada", 2, 60)),
        # A search added to other fields never buys the higher of two limits.
        (MIXED, ADA, Charge("search:viewer:ada", 2, 60)),
        (MIXED, ANONYMOUS, Charge("address:203.0.113.7", 2, 30)),
        ("{ rateLimit }", ADA, Charge("viewer:ada", 0, 120)),
        ("{ __typename ...F } fragment F on Query { rateLimit }", ANONYMOUS,
         Charge("address:203.0.113.7", 0, 30)),
    ],
)  # fmt: skip
def test_charges(text: str, caller: Caller, charge: Charge) -> None:
    assert charged(text, caller) == charge
    assert bucket_of(charge) is Bucket(charge.party.split(":")[0])


async def test_an_anonymous_caller_has_30_units_a_minute() -> None:
    toy = Toy(settings=PRODUCTION)
    for left in reversed(range(30)):
        response = await toy.post(PAGE)
        assert response.headers["x-ratelimit-limit"] == "30"
        assert response.headers["x-ratelimit-cost"] == "1"
        assert response.headers["x-ratelimit-remaining"] == str(left)
        assert response.headers["x-ratelimit-reset"] == str(60 - 2 * left)
    refused = await toy.post(PAGE)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "2"
    assert refused.json()["errors"][0]["extensions"] == {
        "code": "RATE_LIMITED",
        "retryAfterMs": 2_000,
    }
    assert "data" not in refused.json()
    assert (await toy.post(NAME, client=("203.0.113.8", 1))).status_code == 200
    toy.clock.advance(2)
    assert (await toy.post(PAGE)).status_code == 200
    assert 'explore_rate_limited_requests_total{bucket="address"} 1.0' in (
        toy.metrics.exposition().decode()
    )


@pytest.mark.parametrize(
    ("environment", "signed_in", "body", "limit"),
    [
        ("production", False, PAGE, 30),
        ("production", True, PAGE, 120),
        ("production", True, SEARCH, 60),
        ("production", False, SEARCH, 60),
        ("development", False, PAGE, 300),
        ("development", True, PAGE, 1_200),
        ("development", True, SEARCH, 600),
    ],
)
async def test_limits(
    environment: str, body: dict[str, str], limit: int, *, signed_in: bool
) -> None:
    toy = Toy(settings=PRODUCTION | {"EXPLORE_ENVIRONMENT": environment})
    headers = {"authorization": bearer(toy.clock.now())} if signed_in else {}
    response = await toy.post(body, headers)
    assert response.headers["x-ratelimit-limit"] == str(limit)
    assert response.headers["x-ratelimit-remaining"] == str(limit - 1)


async def test_dearer_documents_cost_more_and_the_limit_itself_nothing() -> None:
    toy = Toy(settings=PRODUCTION)
    page = "explore(first: 100) { edges { node { creator { handle } tags { handle } } } }"
    dear = await toy.post({"query": f"{{ a: {page} b: {page} }}"})
    assert dear.headers["x-ratelimit-cost"] == "2"
    free = await toy.post({"query": "{ rateLimit }"})
    assert free.json() == {"data": {"rateLimit": 28}}
    assert free.headers["x-ratelimit-cost"] == "0"


async def test_reading_the_limit_stays_possible_at_the_limit() -> None:
    toy = Toy(settings=PRODUCTION)
    for _ in range(30):
        await toy.post(PAGE)
    assert (await toy.post(PAGE)).status_code == 429
    assert (await toy.post({"query": "{ rateLimit }"})).json() == {"data": {"rateLimit": 0}}


@pytest.mark.parametrize("profile", ["legacy", "2026-09"])
async def test_the_status_is_429_in_each_profile(profile: str) -> None:
    toy = Toy(settings=PRODUCTION | {"EXPLORE_HTTP_PROFILE": profile})
    for _ in range(30):
        await toy.post(PAGE)
    response = await toy.post(PAGE)
    assert response.status_code == 429
    assert codes(response) == ["RATE_LIMITED"]


async def test_cached_answers_say_nothing_about_whose_limit_they_were() -> None:
    toy = Toy(settings=PRODUCTION)
    text = "query N { name }"
    toy.trusted.load({document_id(text): text})
    response = await toy.get({"documentId": document_id(text)})
    assert not [name for name in response.headers if name.startswith("x-ratelimit")]


async def test_forwarded_addresses_count_only_from_trusted_proxies() -> None:
    trusting = Toy(settings=PRODUCTION | {"EXPLORE_TRUSTED_PROXIES": "10.0.0.0/8"})
    header = {"x-forwarded-for": "198.51.100.1, 203.0.113.9, 10.0.0.2"}
    await trusting.post(NAME, header, client=("10.0.0.1", 1))
    await trusting.post(NAME, header, client=("203.0.113.7", 1))
    parties = [begun.charge.party for begun in trusting.begin.begun]
    assert parties == ["address:203.0.113.9", "address:203.0.113.7"]


class TokenBucket:
    """The reference: a bucket that fills continuously, in exact arithmetic."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self.tokens = Fraction(per_minute)
        self.at = Fraction(0)

    def take(self, units: int, at: Fraction) -> bool:
        self.tokens = min(
            Fraction(self.per_minute), self.tokens + (at - self.at) * self.per_minute / 60
        )
        self.at = at
        if units > self.tokens:
            return units == 0
        self.tokens -= units
        return True


@pytest.mark.parametrize("seed", range(5))
def test_local_limits_agree_with_a_token_bucket(seed: int) -> None:
    rng, clock, at = random.Random(seed), FixedClock(), Fraction(0)
    limits, model, refusals = LocalRateLimits(clock), TokenBucket(64), 0
    for _ in range(400):
        step = rng.choice((0, 1, 8, rng.randrange(5_000), rng.randrange(60_000)))
        clock.advance(step / 1_024)  # binary fractions, so that both are exact
        at += Fraction(step, 1_024)
        units = rng.choice((0, 1, 3, 10, 60, 64))
        allowance = limits.take(Charge("viewer:ada", units, 64))
        assert allowance.allowed == model.take(units, at)
        assert allowance.remaining == int(model.tokens)
        refusals += not allowance.allowed
        if not allowance.allowed:
            missing = (units - model.tokens) * 60 / 64
            assert allowance.retry_after == pytest.approx(float(missing), abs=1e-6)
    assert refusals > 20


def test_parties_are_forgotten_in_time() -> None:
    limits = LocalRateLimits(FixedClock())
    for i in range(MAX_PARTIES + 1):
        limits.take(Charge(f"address:{i}", 1, 30))
    assert limits.take(Charge("address:0", 1, 30)).remaining == 29
    assert limits.take(Charge(f"address:{MAX_PARTIES}", 1, 30)).remaining == 28
