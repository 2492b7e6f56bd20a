"""``DELETE /api/users/me/data``: who may, what it answers, how it refuses."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import httpx
import pytest

from domain.errors import Unavailable
from domain.interests import InterestProfile
from domain.ports.viewers import Allowance, Charge, ViewerReads
from domain.viewer import ViewerState
from schema.scalars import print_instant
from server.app import create_app
from server.begin import Begin
from server.caller import Caller
from server.erasure_route import PATH, ErasureRoute
from services.erasure import ErasureService
from tests.fakes.erasures import MemoryErasures
from tests.server.token_factory import bearer
from tests.server.toy_app import StoreAway, Toy

ALLOWED = Allowance(allowed=True, limit=120, cost=1, remaining=9, retry_after=0.0, reset_after=1.0)


class Reads:
    """The round trip brings what a test sets."""

    def __init__(self) -> None:
        self.found = ViewerReads(ALLOWED, InterestProfile(), ViewerState())

    async def __call__(
        self, caller: Caller, charge: Charge, cursors: Sequence[str]
    ) -> ViewerReads:
        return self.found


class Site:
    def __init__(self, begin: Begin | None = None) -> None:
        self.toy = Toy()
        self.erasures = MemoryErasures()
        self.reads = Reads()
        resources = self.toy.resources
        route = ErasureRoute(
            ErasureService(self.erasures),
            resources.authenticator,
            begin or self.reads,
            resources.settings,
            resources.clock,
        )
        self.app = create_app(replace(resources, routes=[route.route()]))

    async def delete(self, headers: Mapping[str, str] | None = None) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            return await http.delete(PATH, headers=dict(headers or {}))

    def signed_in(self) -> dict[str, str]:
        return {"authorization": bearer(self.toy.clock.now())}


def code(response: httpx.Response) -> str:
    (error,) = response.json()["errors"]
    return error["extensions"]["code"]


async def test_asked_twice_it_answers_with_one_receipt_until_it_is_complete() -> None:
    site = Site()
    first = await site.delete(site.signed_in())
    asked = print_instant(site.toy.clock.now())
    receipt: dict[str, Any] = {
        "id": "e0", "requestedAt": asked, "completedAt": None, "stores": []
    }  # fmt: skip
    assert (first.status_code, first.json()) == (202, {"receipt": receipt})
    assert first.headers["cache-control"] == "private, no-store"
    site.toy.clock.advance(20.0)
    assert (await site.delete(site.signed_in())).json() == first.json()
    await site.erasures.complete("e0", site.toy.clock.now(), {"redis": 3})
    done = (await site.delete(site.signed_in())).json()["receipt"]
    assert done["completedAt"] == print_instant(site.toy.clock.now())
    assert done["stores"] == [{"store": "redis", "items": 3}]


async def test_who_came_back_since_is_erased_anew() -> None:
    site = Site()
    await site.delete(site.signed_in())
    await site.erasures.complete("e0", site.toy.clock.now(), {})
    site.reads.found = replace(site.reads.found, served=b"posts")
    assert (await site.delete(site.signed_in())).json()["receipt"]["id"] == "e1"


async def test_while_nothing_can_be_read_nothing_is_taken_for_done() -> None:
    site = Site()
    await site.delete(site.signed_in())
    await site.erasures.complete("e0", site.toy.clock.now(), {})
    site.reads.found = replace(site.reads.found, degraded=True)
    assert (await site.delete(site.signed_in())).json()["receipt"]["id"] == "e1"


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer forged"}])
async def test_nobody_erases_without_a_proof(headers: dict[str, str]) -> None:
    site = Site()
    refused = await site.delete(headers)
    assert (refused.status_code, code(refused)) == (401, "UNAUTHENTICATED")
    assert refused.headers["www-authenticate"] == "Bearer"
    assert await site.erasures.under_way(1) == []


async def test_over_the_limit_it_says_when_to_come_back() -> None:
    site = Site()
    over = replace(ALLOWED, allowed=False, retry_after=1.5)
    site.reads.found = replace(site.reads.found, allowance=over)
    refused = await site.delete(site.signed_in())
    assert (refused.status_code, code(refused)) == (429, "RATE_LIMITED")
    assert refused.json()["errors"][0]["extensions"]["retryAfterMs"] == 1_500
    assert await site.erasures.under_way(1) == []


async def test_without_the_store_of_limits_the_process_keeps_its_own() -> None:
    site = Site(StoreAway())
    answers = [(await site.delete(site.signed_in())).status_code for _ in range(3)]
    assert answers == [202, 202, 202]


async def test_what_cannot_be_kept_is_not_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_asked: object) -> None:
        raise Unavailable("postgresql", "10.0.0.7 refused")

    site = Site()
    monkeypatch.setattr(site.erasures, "request", away)
    refused = await site.delete(site.signed_in())
    assert (refused.status_code, code(refused)) == (503, "UNAVAILABLE")
    assert "10.0.0.7" not in refused.text


async def test_only_delete_is_understood() -> None:
    site = Site()
    transport = httpx.ASGITransport(site.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        assert (await http.get(PATH)).status_code == 405
