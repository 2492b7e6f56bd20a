"""Results of an operation as server-sent events (the distinct connections mode of graphql-sse).

Nobody may keep them: who asks by POST and with a token must not find them with somebody else.
"""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing

import orjson
from starlette.responses import StreamingResponse
from strawberry.http.streaming import SSETransport, merge_stream_with_heartbeat

from server.answers import PRIVATE

Payload = Mapping[str, object]


def event_stream(
    payloads: Callable[[], AsyncGenerator[Payload]], headers: Mapping[str, str]
) -> StreamingResponse:
    """Each payload as a `next` event, then `complete`; a comment now and then in between."""
    transport = SSETransport()

    def encode(payload: object) -> str:
        return orjson.dumps(payload).decode()

    async def events() -> AsyncGenerator[str, None]:
        async with aclosing(payloads()) as open_payloads:
            async for payload in open_payloads:
                yield transport.encode_event("next", encode(payload))
        yield transport.encode_complete()

    beating = merge_stream_with_heartbeat(
        events,
        lambda: transport.heartbeat_message(encode),
        interval=transport.heartbeat_interval,
        send_initial_heartbeat=transport.send_initial_heartbeat,
    )
    given = {name.lower(): value for name, value in transport.headers.items()}
    return StreamingResponse(beating(), headers={**given, "cache-control": PRIVATE, **headers})
