"""The pages for people, as `web/` builds them: read once at the start, served from memory.

The explore page and the moderators' page allow nothing but their own files. GraphiQL, for browsers
at `/graphql` and in development only, needs inline styles (its editor makes them) and nothing else
beyond that.
"""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from mimetypes import guess_type
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from runtime.start import CannotStart

BUILT: Final = Path(__file__).parents[1] / "web" / "dist"
WORTH_COMPRESSING: Final = 1_000  # bytes
NOT_MODIFIED: Final = 304
NOT_FOUND: Final = 404
FOR_GOOD: Final = "public, max-age=31536000, immutable"  # for names that tell the content
ASK_EACH_TIME: Final = "no-cache"
ASKED: Final = frozenset({"query", "documentId", "extensions"})

PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
GRAPHIQL_POLICY: Final = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; "
    "font-src 'self' data:; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


class StaticFile:
    """A file and what is sent with it."""

    def __init__(self, name: str, content: bytes, headers: Mapping[str, str]) -> None:
        kind = guess_type(name)[0] or "application/octet-stream"
        is_text = kind.startswith("text/") or kind.endswith("javascript")
        self._content = content
        self._headers = {
            "content-type": f"{kind}; charset=utf-8" if is_text else kind,
            "etag": f'"{blake2b(content, digest_size=16).hexdigest()}"',
            "cross-origin-opener-policy": "same-origin",
            "vary": "Accept-Encoding",
            **headers,
        }

    @cached_property
    def _compressed(self) -> bytes:
        return gzip.compress(self._content, mtime=0)

    def respond(self, request: Request) -> Response:
        if self._headers["etag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=NOT_MODIFIED, headers=self._headers)
        takes_gzip = "gzip" in request.headers.get("accept-encoding", "")
        if not takes_gzip or len(self._content) < WORTH_COMPRESSING:
            return Response(self._content, headers=self._headers)
        return Response(self._compressed, headers={**self._headers, "content-encoding": "gzip"})


@dataclass(frozen=True, slots=True)
class StaticPages:
    """`graphiql` is None where it is not shown."""

    page: StaticFile
    moderation: StaticFile
    assets: Mapping[str, StaticFile]
    graphiql: StaticFile | None

    def routes(self) -> list[BaseRoute]:
        async def page(request: Request) -> Response:
            return self.page.respond(request)

        async def moderation(request: Request) -> Response:
            return self.moderation.respond(request)

        async def asset(request: Request) -> Response:
            found = self.assets.get(request.path_params["name"])
            return found.respond(request) if found else Response(status_code=NOT_FOUND)

        return [
            Route("/", page),
            Route("/admin/moderation", moderation),
            Route("/assets/{name:path}", asset),
        ]

    def before(self, view: ASGIApp) -> ASGIApp:
        """The GraphQL view, with GraphiQL for people who open its address in a browser."""
        return view if self.graphiql is None else _ForBrowsers(view, self.graphiql)


class _ForBrowsers:
    def __init__(self, view: ASGIApp, graphiql: StaticFile) -> None:
        self._view = view
        self._graphiql = graphiql

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope, receive)
            if _wants_page(request):
                await self._graphiql.respond(request)(scope, receive, send)
                return
        await self._view(scope, receive, send)


def load_pages(built: Path = BUILT, *, with_graphiql: bool) -> StaticPages:
    """The pages from a folder that `web/build` has filled.

    Raises:
        CannotStart: they are not there.

    """
    folders = ["assets", "assets/graphiql"] if with_graphiql else ["assets"]
    try:
        page, moderation = _page(built, "index.html"), _page(built, "moderation.html")
        graphiql = _graphiql(built) if with_graphiql else None
    except FileNotFoundError as missing:
        remedy = "take the whole repository, or build it: npm ci && npm run build in web/"
        raise CannotStart(f"{missing.filename} is missing", remedy) from None
    assets = {
        path.relative_to(built / "assets").as_posix(): StaticFile(
            path.name, path.read_bytes(), {"cache-control": _keeping(path.name)}
        )
        for folder in folders
        for path in sorted((built / folder).iterdir())
        if path.is_file()
    }
    return StaticPages(page, moderation, assets, graphiql)


def _page(built: Path, name: str) -> StaticFile:
    headers = {"cache-control": ASK_EACH_TIME, "content-security-policy": PAGE_POLICY}
    return StaticFile(name, (built / name).read_bytes(), headers)


def _graphiql(built: Path) -> StaticFile:
    headers = {
        "cache-control": ASK_EACH_TIME,
        "content-security-policy": GRAPHIQL_POLICY,
        "vary": "Accept, Accept-Encoding",
    }
    return StaticFile("graphiql.html", (built / "graphiql.html").read_bytes(), headers)


def _keeping(name: str) -> str:
    """`page.1a2b3c.js` is never another one; `worker.js` may be."""
    return FOR_GOOD if name.count(".") > 1 else ASK_EACH_TIME


def _wants_page(request: Request) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and "text/html" in request.headers.get("accept", "")
        and not ASKED & request.query_params.keys()
    )
