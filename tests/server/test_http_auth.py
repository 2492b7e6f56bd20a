"""Tokens over HTTP: refused ones are answered with 401, in every profile, and run nothing."""

import pytest

from server.http_profile import GRAPHQL_JSON
from tests.server.token_factory import bearer, sign
from tests.server.toy_app import Toy, codes

WHO = {"query": "{ viewer { handle } }"}


async def test_the_viewer_is_whom_the_token_proves() -> None:
    toy = Toy()
    anonymous = await toy.post(WHO)
    signed_in = await toy.post(WHO, {"authorization": bearer(toy.clock.now(), sub="ada")})
    assert anonymous.json() == {"data": {"viewer": None}}
    assert signed_in.json() == {"data": {"viewer": {"handle": "ada"}}}
    assert [begun.caller.viewer_id for begun in toy.begin.begun] == [None, "ada"]


@pytest.mark.parametrize("profile", ["legacy", "2026-09"])
@pytest.mark.parametrize("accept", ["*/*", GRAPHQL_JSON])
async def test_a_refused_token_is_never_an_anonymous_caller(profile: str, accept: str) -> None:
    toy = Toy(settings={"EXPLORE_HTTP_PROFILE": profile})
    now = toy.clock.now()
    for header in (
        bearer(now, exp=now - 1),
        bearer(now, sub="no id"),
        bearer(now, iss="https://evil.example"),
        f"Bearer {sign({'sub': 'ada'})}",
        "Bearer x",
        "",
    ):
        response = await toy.post(WHO, {"authorization": header, "accept": accept})
        assert response.status_code == 401
        assert codes(response) == ["UNAUTHENTICATED"]
        assert response.json().keys() == {"errors"}
        assert response.headers["www-authenticate"] == "Bearer"
        assert response.headers["cache-control"] == "private, no-store"
    assert toy.begin.begun == []


async def test_the_reason_is_not_told() -> None:
    toy = Toy()
    now = toy.clock.now()
    texts = {
        (await toy.post(WHO, {"authorization": header})).text
        for header in ("Bearer x", bearer(now, exp=now - 1), bearer(now, aud="other"))
    }
    assert len(texts) == 1


async def test_tokens_count_over_get_too() -> None:
    toy = Toy()
    good = {"authorization": bearer(toy.clock.now(), sub="ada", region="DE", roles=["admin"])}
    assert (await toy.get(WHO, good)).json() == {"data": {"viewer": {"handle": "ada"}}}
    assert (await toy.get(WHO, {"authorization": "Bearer x"})).status_code == 401
    caller = toy.begin.begun[0].caller
    assert (caller.region, caller.roles) == ("DE", {"admin", "moderator", "analyst"})
