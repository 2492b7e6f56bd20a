"""How many WebSockets one process keeps open; another process may have room for more."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from starlette.responses import Response
from starlette.websockets import WebSocket

from server.refusals import overloaded

MOST: Final = 10_000
TRY_AGAIN_LATER: Final = 1013  # a close code; servers that cannot answer a handshake send 403
DENIAL: Final = "websocket.http.response"


class OpenSockets:
    def __init__(self) -> None:
        self._open = 0

    @contextmanager
    def one_more(self) -> Generator[None]:
        """Count a connection for as long as the block takes.

        Raises:
            Refused: with `OVERLOADED`.

        """
        if self._open >= MOST:
            raise overloaded()
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1


async def turn_away(connection: WebSocket, answer: Response) -> None:
    """Refuse a handshake, with an answer of HTTP where the server can send one."""
    if DENIAL in connection.scope.get("extensions", {}):
        await connection.send_denial_response(answer)
    else:
        await connection.close(TRY_AGAIN_LATER)
