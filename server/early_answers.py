"""The process from its first moment on: it answers probes, and all else once that is there."""

from typing import Final

from starlette.responses import PlainTextResponse
from starlette.routing import Router
from starlette.types import ASGIApp, Receive, Scope, Send

from server.health import Readiness

NOT_YET: Final = PlainTextResponse("starting", 503, {"retry-after": "1"})


class EarlyAnswers:
    """Stands before the application, which may take many seconds to open where stores are away."""

    def __init__(self, readiness: Readiness) -> None:
        # A bare router answers what it does not know by `default`, sockets included.
        self._app: ASGIApp = Router(readiness.routes(), default=_not_yet, redirect_slashes=False)

    def hand_over(self, app: ASGIApp) -> None:
        """From now on the application answers everything, probes included."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


async def _not_yet(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1013})  # try again later
    else:
        await NOT_YET(scope, receive, send)
