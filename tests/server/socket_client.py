"""A WebSocket client that talks to the application in the same process, without a network."""

import asyncio
import json
from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Any

from starlette.types import ASGIApp, Message

PATIENCE = 5.0  # seconds


class SocketClient:
    def __init__(self) -> None:
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._from_app: asyncio.Queue[Message] = asyncio.Queue()

    async def send(self, message: object) -> None:
        """A value as JSON, or a text as it is."""
        text = message if isinstance(message, str) else json.dumps(message)
        await self._to_app.put({"type": "websocket.receive", "text": text})

    async def receive(self) -> dict[str, Any]:
        """The next message: a value, `{"closed": code, "reason": ...}` or `{"status": number}`."""
        async with asyncio.timeout(PATIENCE):
            message = await self._from_app.get()
        if message["type"] == "websocket.close":
            return {"closed": message["code"], "reason": message.get("reason")}
        if message["type"] == "websocket.http.response.start":
            return {"status": message["status"]}
        if message["type"] == "websocket.accept":
            return {"accepted": message["subprotocol"]}
        return json.loads(message["text"])

    async def begin(self, payload: Mapping[str, object] | None = None) -> None:
        """The handshake of `graphql-transport-ws`."""
        assert await self.receive() == {"accepted": "graphql-transport-ws"}
        await self.send({"type": "connection_init", "payload": dict(payload or {})})
        assert await self.receive() == {"type": "connection_ack"}

    async def subscribe(self, identifier: str, payload: object) -> None:
        await self.send({"id": identifier, "type": "subscribe", "payload": payload})

    @asynccontextmanager
    async def on(
        self,
        app: ASGIApp,
        headers: Mapping[str, str] | None = None,
        extensions: Collection[str] = (),
    ) -> AsyncGenerator["SocketClient"]:
        """Connect to `/graphql`; at the end the client goes away and the application must too."""
        scope: dict[str, Any] = {
            "type": "websocket",
            "path": "/graphql",
            "raw_path": b"/graphql",
            "root_path": "",
            "scheme": "ws",
            "query_string": b"",
            "client": ("203.0.113.7", 1),
            "server": ("test", 80),
            "extensions": {name: {} for name in extensions},
            "subprotocols": ["graphql-transport-ws"],
            "headers": [
                (b"host", b"test"),
                *((name.encode(), value.encode()) for name, value in (headers or {}).items()),
            ],
        }
        await self._to_app.put({"type": "websocket.connect"})
        async with asyncio.TaskGroup() as group:
            served = group.create_task(self._serve(app, scope))
            yield self
            await self._to_app.put({"type": "websocket.disconnect", "code": 1000})
            async with asyncio.timeout(PATIENCE):
                await served

    async def _serve(self, app: ASGIApp, scope: dict[str, Any]) -> None:
        await app(scope, self._to_app.get, self._from_app.put)
