"""GraphQL over HTTP, SSE and WebSocket on Strawberry's ASGI view.

The view takes requests apart, has them admitted and puts answers together; Strawberry executes.
The order over HTTP: method, media type, load, token, body, document, load by priority, cost, one
round trip that reads what belongs to the caller and charges its limit, execution. The last two
share a deadline.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import timedelta
from typing import Final, cast

from graphql import OperationType
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry import Schema
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.unset import UNSET, UnsetType
from typing_extensions import override

from runtime.deadlines import within
from server.admission import Admission, Admitted, Asker, Meant, limit_headers
from server.answers import (
    Execution,
    answer,
    answer_refused,
    answer_unexecutable,
)
from server.auth import Authenticator, TokenRefused
from server.body import read_json_body
from server.caller import Caller
from server.client_address import client_address
from server.error_codes import Code
from server.event_stream import event_stream
from server.graphql_request import GraphQLRequest, parse_json, read_query_string, read_request
from server.http_profile import EVENT_STREAM, JSON, preferred_media_type
from server.load_gate import priority_of
from server.open_sockets import OpenSockets, turn_away
from server.open_streams import OpenStreams
from server.operations import Operations
from server.proof_end import proof_over, while_proved
from server.rate_limits import party_of
from server.refusals import Refused, Unexecutable
from server.request_notes import note_admission, note_operation
from server.request_record import RequestRecord, record_of, viewer_hash
from server.shared_answers import SharedAnswers
from server.shared_key import shared_key
from server.subscription_socket import SocketSession, SubscriptionSocket, TextFrames
from server.view_policy import ViewPolicy

CONNECTION_INIT: Final = timedelta(seconds=10)
SIGN_IN: Final = {"www-authenticate": "Bearer"}


class GraphQLView(GraphQL[object, None]):
    """One per process, at `/graphql`. The middleware has put a `RequestRecord` into the scope."""

    websocket_adapter_class = TextFrames
    graphql_transport_ws_handler_class = SubscriptionSocket

    def __init__(
        self,
        schema: Schema,
        authenticator: Authenticator,
        admission: Admission,
        operations: Operations,
        policy: ViewPolicy,
        shared: SharedAnswers,
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=CONNECTION_INIT,
            allowed_origins=policy.allowed_origins,
        )
        self._authenticator = authenticator
        self._admission = admission
        self._operations = operations
        self._policy = policy
        self._shared = shared
        self._sockets = OpenSockets()
        self._streams = OpenStreams(policy.streams)

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._connect(scope, receive, send)
            return
        response = await self._respond(Request(scope, receive), record_of(scope))
        response.headers["vary"] = "Accept, Authorization"
        await response(scope, receive, send)

    async def _respond(self, request: Request, record: RequestRecord) -> Response:
        profile = self._policy.profile
        media_type = preferred_media_type(request.headers.get("accept")) or JSON
        try:
            _check_method_and_type(request)
            self._admission.gate.check()
            asker = await self._asker(request, record)
            meant = await self._admission.understand(await _read(request))
            note_operation(record, meant)
            self._check_transport(meant, request.method, media_type)
            shared = shared_key(request, meant, asker, media_type)
            if shared is not None and (kept := self._shared.find(shared, _known_tags(request))):
                return kept
            with self._admission.gate.passed(priority_of(meant.operation, asker.caller)):
                return await self._serve(request, record, meant, asker, media_type)
        except Refused as refused:
            record.note_errors(refused.errors)
            return answer_refused(refused, media_type, profile)
        except Unexecutable as refused:
            record.note_errors(refused.errors)
            return answer_unexecutable(refused, media_type, profile)

    async def _serve(
        self,
        request: Request,
        record: RequestRecord,
        meant: Meant,
        asker: Asker,
        media_type: str,
    ) -> Response:
        version = self._shared.version
        with within(self._timeout(meant)):
            admitted = await self._admission.admit(meant, asker)
            note_admission(record, admitted)
            limits = limit_headers(admitted.allowance)
            if meant.operation.type is OperationType.SUBSCRIPTION:
                self._streams.check(party_of(asker.caller, asker.address))
                return event_stream(lambda: self._payloads(admitted, asker), limits)
            execution = await self._operations.execute(admitted)
        record.note_errors(execution.errors)
        if media_type == EVENT_STREAM and execution.reached_fields:
            return event_stream(lambda: _once(execution), limits)
        response = answer(execution, media_type, self._policy.profile)
        shared = shared_key(request, meant, asker, media_type)
        if shared is not None and not execution.errors and not record.is_degraded:
            return self._shared.share(shared, version, response, _known_tags(request))
        response.headers.update(limits)
        return response

    async def _payloads(
        self, admitted: Admitted, asker: Asker
    ) -> AsyncGenerator[Mapping[str, object]]:
        try:
            async with aclosing(self._stream(admitted, asker)) as results:
                async for execution in results:
                    yield _payload(execution)
        except Refused as refused:
            yield {"errors": [error.formatted for error in refused.errors]}

    async def _stream(self, admitted: Admitted, asker: Asker) -> AsyncGenerator[Execution]:
        """Results of a subscription for as long as the caller's token holds."""
        left = self._authenticator.seconds_left(asker.caller)
        results = while_proved(self._operations.stream(admitted), left)
        with self._streams.one_more(party_of(asker.caller, asker.address)):
            async with aclosing(results) as proved:
                async for execution in proved:
                    yield execution

    async def _asker(self, request: Request, record: RequestRecord) -> Asker:
        caller = await self._authenticate(request.headers.get("authorization"))
        record.fields["viewer"] = viewer_hash(caller.viewer_id)
        return Asker(caller=caller, address=self._address(request), request_id=record.request_id)

    async def _authenticate(self, authorization: str | None) -> Caller:
        try:
            return await self._authenticator.authenticate(authorization)
        except TokenRefused:
            message = "The access token is not valid."
            raise Refused(message, Code.UNAUTHENTICATED, status=401, headers=SIGN_IN) from None

    def _address(self, connection: HTTPConnection) -> str:
        peer = connection.client.host if connection.client else None
        forwarded = connection.headers.get("x-forwarded-for")
        return client_address(peer, forwarded, self._policy.trusted_proxies)

    def _timeout(self, meant: Meant) -> float:
        policy = self._policy
        return policy.mutation_timeout if meant.operation.is_mutation else policy.query_timeout

    def _check_transport(self, meant: Meant, method: str, media_type: str) -> None:
        kind = meant.operation.type
        if kind is OperationType.MUTATION and method == "GET":
            raise Refused("A mutation needs POST.", status=405, headers={"allow": "POST"})
        if kind is OperationType.SUBSCRIPTION and media_type != EVENT_STREAM:
            raise Refused(f"A subscription needs a WebSocket, or accept {EVENT_STREAM}.")
        is_text = meant.prepared.document_id is None
        if method == "GET" and is_text and not self._policy.texts_by_get:
            message = "By GET only stored operations are served here: send a documentId."
            raise Unexecutable.because(message, Code.PERSISTED_QUERY_REQUIRED)

    # WebSocket

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with self._sockets.one_more():
                await super().__call__(scope, receive, send)
        except Refused as refused:
            answer = answer_refused(refused, JSON, self._policy.profile)
            await turn_away(WebSocket(scope, receive, send), answer)

    @override
    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> SocketSession:
        return SocketSession(
            address=self._address(request),
            request_id=record_of(request.scope).request_id,
            header=request.headers.get("authorization"),
        )

    @override
    async def on_ws_connect(self, context: object) -> UnsetType:
        session = cast("SocketSession", context)
        given = session.authorization
        try:
            if given is not None and not isinstance(given, str):
                raise ConnectionRejectionError
            session.caller = await self._authenticator.authenticate(given)
        except TokenRefused:
            raise ConnectionRejectionError from None
        return UNSET

    async def results(self, payload: object, session: SocketSession) -> AsyncGenerator[Execution]:
        """Results of one operation asked for over a connection.

        Raises:
            Refused: it is not let in.
            Unexecutable: it cannot be executed.

        """
        if self._authenticator.is_over(session.caller):
            raise proof_over()
        gate = self._admission.gate
        gate.check()
        meant = await self._admission.understand(read_request(payload))
        asker = Asker(
            caller=session.caller, address=session.address, request_id=session.request_id
        )
        is_stream = meant.operation.type is OperationType.SUBSCRIPTION
        with (
            gate.passed(priority_of(meant.operation, asker.caller)),
            within(self._timeout(meant)),
        ):
            admitted = await self._admission.admit(meant, asker)
            only = None if is_stream else await self._operations.execute(admitted)
        if only is not None:
            yield only
            return
        async with aclosing(self._stream(admitted, asker)) as results:
            async for execution in results:
                yield execution


def _check_method_and_type(request: Request) -> None:
    if request.method not in ("GET", "POST"):
        raise Refused("Use GET or POST.", status=405, headers={"allow": "GET, POST"})
    if preferred_media_type(request.headers.get("accept")) is None:
        raise Refused(f"We send {JSON}: accept it.", status=406)


async def _read(request: Request) -> GraphQLRequest:
    if request.method == "GET":
        return read_query_string(request.query_params)
    return read_request(parse_json(await read_json_body(request)))


def _payload(execution: Execution) -> Mapping[str, object]:
    errors = {"errors": [error.formatted for error in execution.errors]}
    return {"data": execution.data, **(errors if execution.errors else {})}


async def _once(execution: Execution) -> AsyncGenerator[Mapping[str, object]]:
    yield _payload(execution)


def _known_tags(request: Request) -> str | None:
    return request.headers.get("if-none-match")
