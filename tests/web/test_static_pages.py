"""Pages for people as the server sends them: whole, cacheable, under strict policies."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from runtime.start import CannotStart
from server.app import create_app
from server.static_pages import BUILT, StaticPages, load_pages
from tests.server.toy_app import Toy

BROWSER = {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
SMALL = 60_000  # bytes of script, before compression
LARGE = 1_000_000  # bytes of one file of GraphiQL


async def _get(
    path: str, headers: Mapping[str, str] | None = None, *, with_graphiql: bool = True
) -> httpx.Response:
    pages = load_pages(with_graphiql=with_graphiql)
    app = create_app(replace(Toy().resources, pages=pages))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        return await http.get(path, headers=dict(headers or {}))


async def test_the_page_allows_its_own_files_alone() -> None:
    response = await _get("/")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    assert response.headers["cache-control"] == "no-cache"
    assert "style=" not in response.text
    assert re.findall(r"<script(?![^>]* src=)", response.text) == []


async def test_the_page_is_small_and_its_files_are_kept_for_good() -> None:
    names = re.findall(r'(?:src|href)="/assets/([^"]+)"', (await _get("/")).text)
    assert sorted(name.split(".")[-1] for name in names) == ["css", "js", "svg"]
    for name in names:
        response = await _get(f"/assets/{name}")
        assert response.status_code == 200
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert len(response.content) < SMALL


async def test_what_a_browser_has_is_not_sent_again() -> None:
    etag = (await _get("/")).headers["etag"]
    response = await _get("/", {"if-none-match": etag})
    assert (response.status_code, response.content) == (304, b"")


async def test_files_are_compressed_for_those_who_take_it() -> None:
    (path,) = (BUILT / "assets").glob("page.*.js")
    plain = await _get(f"/assets/{path.name}", {"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == path.read_bytes()
    packed = await _get(f"/assets/{path.name}", {"accept-encoding": "br, gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert packed.content == plain.content  # httpx has unpacked it
    assert int(packed.headers["content-length"]) < len(plain.content) / 2


@pytest.mark.parametrize("name", ["../index.html", "%2e%2e/index.html", "none.js", "graphiql/"])
async def test_nothing_else_can_be_had(name: str) -> None:
    assert (await _get(f"/assets/{name}")).status_code == 404


async def test_browsers_get_graphiql_in_development() -> None:
    response = await _get("/graphql", BROWSER)
    assert response.status_code == 200
    assert "<title>GraphiQL" in response.text
    assert response.headers["vary"] == "Accept, Accept-Encoding"
    assert "'unsafe-eval'" not in response.headers["content-security-policy"]
    assert "script-src 'self';" in response.headers["content-security-policy"]
    for name in re.findall(r'"/assets/([^"]+)"', response.text):
        assert (await _get(f"/assets/{name}")).status_code == 200


async def test_graphiql_is_not_there_in_production() -> None:
    response = await _get("/graphql", BROWSER, with_graphiql=False)
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    (path,) = (BUILT / "assets/graphiql").glob("main.*.js")
    hidden = await _get(f"/assets/graphiql/{path.name}", with_graphiql=False)
    assert hidden.status_code == 404


@pytest.mark.parametrize(
    "accept", ["application/json", "*/*", "application/graphql-response+json"]
)
async def test_clients_that_are_no_browsers_get_the_api(accept: str) -> None:
    response = await _get("/graphql?query={__typename}", {"accept": accept})
    assert response.json() == {"data": {"__typename": "Query"}}


async def test_a_query_in_the_address_is_answered_even_in_a_browser() -> None:
    response = await _get("/graphql?query={__typename}", BROWSER)
    assert response.json() == {"data": {"__typename": "Query"}}


def test_no_file_of_graphiql_is_large_or_fetches_from_elsewhere() -> None:
    files = [path for path in (BUILT / "assets/graphiql").iterdir() if path.suffix != ".txt"]
    assert max(path.stat().st_size for path in files) < LARGE
    text = "".join(path.read_text() for path in files)
    assert re.findall(r"\b(?:unpkg|jsdelivr|esm\.sh|cdnjs|googleapis)\b", text) == []


def test_a_checkout_without_its_pages_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"index\.html is missing"):
        load_pages(tmp_path, with_graphiql=False)


def test_pages_without_graphiql_leave_the_view_as_it_is() -> None:
    pages: StaticPages = load_pages(with_graphiql=False)
    view = Toy().app
    assert pages.before(view) is view
