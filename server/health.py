"""Whether the process answers, may take traffic, and has started.

Readiness follows draining and the first connection of the pools, never the health of a store: a
store that is down must not take every replica out of the balancer.
"""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


@dataclass(slots=True)
class Readiness:
    """`started`: migrations are applied and the first pools were loaded.

    `on_draining` is called once when draining begins: it ends what would go on for ever.
    """

    started: bool = False
    draining: bool = False
    on_draining: Callable[[], None] = lambda: None

    def routes(self) -> list[Route]:
        return [
            Route("/livez", _live),
            Route("/readyz", self._ready),
            Route("/startupz", self._started),
        ]

    async def _ready(self, _request: Request) -> Response:
        if self.draining:
            return _not_yet("draining")
        return PlainTextResponse("ready") if self.started else _not_yet("starting")

    async def _started(self, _request: Request) -> Response:
        return PlainTextResponse("started") if self.started else _not_yet("starting")


async def _live(_request: Request) -> Response:
    return PlainTextResponse("live")


def _not_yet(state: str) -> Response:
    return PlainTextResponse(state, 503, {"retry-after": "1"})
