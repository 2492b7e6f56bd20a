"""Operations over WebSocket (`graphql-transport-ws`), admitted like those over HTTP."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, cast

import orjson
import structlog
from starlette.websockets import WebSocketDisconnect
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import Message, SubscribeMessage
from strawberry.types import ExecutionResult
from typing_extensions import override

from server.answers import Execution
from server.caller import ANONYMOUS, Caller
from server.error_codes import Code, internal_error
from server.refusals import Refused, Unexecutable

MAX_OPERATIONS: Final = 20  # at a time over one connection
log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


@dataclass(slots=True)
class SocketSession:
    """One connection; `connection_params` is set from the client's `connection_init`."""

    address: str
    request_id: str
    header: str | None
    caller: Caller = ANONYMOUS
    connection_params: Mapping[str, object] = field(default_factory=dict[str, object])

    @property
    def authorization(self) -> object:
        """The token's text: of the first message, named in any case as in HTTP, or of the header.

        Clients write `Authorization`, too: passed over, it would make them anonymous.
        """
        given = (v for k, v in self.connection_params.items() if k.lower() == "authorization")
        return next(given, self.header)


class TextFrames(ASGIWebSocketAdapter):
    """Sends text frames: clients of this protocol do not read binary ones."""

    @override
    async def send_json(self, message: Mapping[str, object]) -> None:
        try:
            await self.ws.send_text(orjson.dumps(message).decode())
        except WebSocketDisconnect as gone:
            raise WebSocketDisconnected from gone


class RunsOperations(Protocol):
    """What a connection asks of the view."""

    def results(self, payload: object, session: SocketSession) -> AsyncGenerator[Execution]:
        """Results of one operation; raises `Refused` or `Unexecutable` before the first."""
        ...


class SubscriptionSocket(BaseGraphQLTransportWSHandler[Any, Any]):
    """One connection's messages. An operation is a task, cancelled when the connection ends."""

    @override
    async def handle_message(self, message: Message) -> None:
        if not isinstance(message, dict):  # pyright: ignore[reportUnnecessaryIsInstance] - it is whatever the client sent
            await self.handle_invalid_message("A message must be a JSON object")
        else:
            await super().handle_message(message)

    @override
    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        identifier = cast("object", message["id"])
        if not self.connection_acknowledged:
            await self.websocket.close(code=4401, reason="Unauthorized")
        elif not isinstance(identifier, str):
            await self.handle_invalid_message("An operation's id must be a text")
        elif identifier in self.operations:
            reason = f"Subscriber for {identifier[:40]} already exists"
            await self.websocket.close(code=4409, reason=reason)
        else:
            operation = Operation(self, identifier, "", None, None)
            self.operations[identifier] = operation
            if len(self.operations) > MAX_OPERATIONS:
                refused = Refused("Too many operations on one connection.", Code.OVERLOADED)
                await operation.send_initial_errors(list(refused.errors))
                return
            # The connection keeps the task, and cancels and joins it when it ends.
            operation.task = asyncio.get_running_loop().create_task(
                self._serve(operation, message["payload"])
            )

    async def _serve(self, operation: Operation[Any, Any], payload: object) -> None:
        view = cast("RunsOperations", self.view)
        session: SocketSession = self.context
        try:
            async with aclosing(view.results(payload, session)) as results:
                async for execution in results:
                    await _send(operation, execution)
            await operation.send_operation_message({"id": operation.id, "type": "complete"})
        except (Refused, Unexecutable) as refused:
            await operation.send_initial_errors(list(refused.errors))
        except WebSocketDisconnected:
            return
        except Exception:
            log.exception("socket_operation.failed", request_id=session.request_id)
            masked = internal_error(session.request_id)
            await operation.send_initial_errors([masked])


async def _send(operation: Operation[Any, Any], execution: Execution) -> None:
    if not execution.reached_fields:
        raise Unexecutable(execution.errors)
    data = cast("dict[str, Any] | None", execution.data)
    await operation.send_next(ExecutionResult(data, list(execution.errors)))
