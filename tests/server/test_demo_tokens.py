"""Tokens of GraphiQL's buttons: from a demo's key, for this machine alone, never in production."""

from pathlib import Path

import httpx
import pytest

from demo.signing_key import ensure_key
from tests.server.toy_app import Toy

HOME = "http://127.0.0.1:8000"


def demo(folder: Path, **settings: str) -> Toy:
    key, _ = ensure_key(folder)
    return Toy(settings={"EXPLORE_DEMO_SIGNING_KEY": str(key), **settings})


async def ask(
    toy: Toy, method: str, path: str, address: str = "127.0.0.1", at: str = HOME, **headers: str
) -> httpx.Response:
    transport = httpx.ASGITransport(toy.app, client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url=at) as http:
        return await http.request(method, path, headers=headers)


async def test_a_demo_offers_its_people(tmp_path: Path) -> None:
    toy = demo(tmp_path)
    offered = await ask(toy, "GET", "/demo/tokens")
    assert offered.json() == {"people": ["reader", "analyst", "moderator"]}
    for name in offered.json()["people"]:
        answer = await ask(toy, "POST", f"/demo/tokens/{name}", origin=HOME)
        assert answer.json()["token"].count(".") == 2
        assert answer.headers["cache-control"] == "private, no-store"
    assert (await ask(toy, "POST", "/demo/tokens/admin")).status_code == 404
    assert (await ask(toy, "GET", "/demo/tokens/reader")).status_code == 405


@pytest.mark.parametrize(
    ("address", "at", "origin"),
    [
        ("203.0.113.7", HOME, None),
        ("127.0.0.1", "http://evil.example:8000", None),
        ("127.0.0.1", HOME, "http://evil.example"),
        ("127.0.0.1", HOME, "null"),
        ("127.0.0.1", HOME, "http://127.0.0.1:9000"),
    ],
)
async def test_nobody_else_is_answered(
    tmp_path: Path, address: str, at: str, origin: str | None
) -> None:
    toy = demo(tmp_path)
    headers = {} if origin is None else {"origin": origin}
    refused = await ask(toy, "POST", "/demo/tokens/moderator", address, at, **headers)
    assert refused.status_code == 404
    assert (await ask(toy, "GET", "/demo/tokens", address, at, **headers)).json() == {"people": []}


async def test_production_has_no_such_address(tmp_path: Path) -> None:
    toy = demo(tmp_path, EXPLORE_ENVIRONMENT="production")
    assert toy.resources.settings.demo_signing_key == ""
    for method, path in (("GET", "/demo/tokens"), ("POST", "/demo/tokens/reader")):
        assert (await ask(toy, method, path)).status_code == 404


async def test_without_a_demo_nobody_is_offered() -> None:
    toy = Toy()
    assert (await ask(toy, "GET", "/demo/tokens")).json() == {"people": []}
    assert (await ask(toy, "POST", "/demo/tokens/reader")).status_code == 404
