"""Fresh tokens for GraphiQL's buttons, where a demo names the key that it signs with.

Production ignores that setting (`runtime/settings.py`), so it has no such address. Only programs
on the same machine are answered, and no page of another site: neither by its origin nor by a name
that it made point here.
"""

from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from runtime.clock import Clock
from runtime.settings import Settings
from server.answers import PRIVATE
from server.token_signing import Claims, sign

PEOPLE: Final[Mapping[str, Sequence[str]]] = {
    "reader": (),
    "analyst": ("analyst",),
    "moderator": ("moderator",),
}
OWN_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
KEPT_BY_NOBODY: Final = {"cache-control": PRIVATE}


def demo_token_routes(settings: Settings, clock: Clock) -> list[BaseRoute]:
    """Whom one can be, and a token to be that; nobody where no demo is behind this server."""
    if not settings.is_development:
        return []
    key = settings.demo_signing_key

    async def people(request: Request) -> Response:
        names = list(PEOPLE) if key and _is_at_home(request) else []
        return JSONResponse({"people": names}, headers=KEPT_BY_NOBODY)

    async def token(request: Request) -> Response:
        name = request.path_params["name"]
        if not key or name not in PEOPLE or not _is_at_home(request):
            return Response(status_code=404)
        signed = sign(
            Path(key),
            Claims(name, PEOPLE[name]),
            issuer=settings.jwt_issuer,
            audience=settings.jwt_audience,
            now=clock.now(),
        )
        return JSONResponse({"token": signed}, headers=KEPT_BY_NOBODY)

    return [
        Route("/demo/tokens", people),
        Route("/demo/tokens/{name}", token, methods=["POST"]),
    ]


def _is_at_home(request: Request) -> bool:
    """Whether it comes from this machine, by a name of this machine, and from our own page."""
    address = request.client.host if request.client else ""
    host = request.headers.get("host", "")
    origin = request.headers.get("origin")
    try:
        is_local = ip_address(address).is_loopback and urlsplit(f"//{host}").hostname in OWN_NAMES
    except ValueError:
        return False
    return is_local and origin in (None, f"http://{host}")
