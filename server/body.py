"""The body of a request: JSON up to a size, refused unread where it says that it is larger."""

from starlette.requests import Request

from server.graphql_request import LARGEST_BODY
from server.http_profile import JSON
from server.refusals import Refused


async def read_json_body(request: Request) -> bytes:
    """The bytes of a JSON body.

    Raises:
        Refused: another media type or encoding, or more than 256 KiB.

    """
    media_type, *parameters = (
        part.strip().lower() for part in request.headers.get("content-type", "").split(";")
    )
    charsets = [part[8:].strip('"') for part in parameters if part.startswith("charset=")]
    encoded = request.headers.get("content-encoding", "identity").lower() != "identity"
    if media_type != JSON or encoded or any(name not in ("utf-8", "utf8") for name in charsets):
        raise Refused(f"The body must be {JSON} in UTF-8, not compressed.", status=415)
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced[:12]) > LARGEST_BODY:
        raise _too_large()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise _too_large()
    return bytes(body)


def _too_large() -> Refused:
    return Refused(f"The body is larger than {LARGEST_BODY} bytes.", status=413)
