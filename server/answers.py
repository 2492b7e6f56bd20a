"""Answers of HTTP: status by profile, media type; nobody may keep them unless it is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import orjson
from graphql import GraphQLError
from starlette.responses import Response

from server.error_codes import Code, code_of
from server.http_profile import EVENT_STREAM, GRAPHQL_JSON, JSON, StatusProfile
from server.refusals import Refused, Unexecutable

PRIVATE: Final = "private, no-store"
BAD_REQUEST: Final = 400
OK: Final = 200


@dataclass(frozen=True, slots=True)
class Execution:
    """What was executed: `errors` are public already; `reached_fields` is False where none ran."""

    data: object
    errors: Sequence[GraphQLError]
    reached_fields: bool


def answer(execution: Execution, media_type: str, profile: StatusProfile) -> Response:
    """The answer to an operation that was executed, or that failed just before its first field."""
    if not execution.reached_fields:
        return answer_unexecutable(Unexecutable(execution.errors), media_type, profile)
    body: dict[str, object] = {"data": execution.data}
    if execution.errors:
        body = {"errors": [error.formatted for error in execution.errors], **body}
    status = profile.partial if execution.errors else OK
    return _response(body, status, media_type)


def answer_unexecutable(
    refused: Unexecutable, media_type: str, profile: StatusProfile
) -> Response:
    """The answer to a request whose document or variables do not allow execution."""
    is_syntax = any(code_of(error) is Code.GRAPHQL_PARSE_FAILED for error in refused.errors)
    status = BAD_REQUEST if is_syntax else profile.invalid
    if media_type == JSON:
        media_type, status = (JSON, OK) if profile.json_is_always_200 else (GRAPHQL_JSON, status)
    return _response(_errors_only(refused.errors), status, media_type)


def answer_refused(refused: Refused, media_type: str, profile: StatusProfile) -> Response:
    """The answer to a request that was not understood or not let in."""
    status = profile.invalid if refused.status is None else refused.status
    return _response(_errors_only(refused.errors), status, media_type, refused.headers)


def _errors_only(errors: Sequence[GraphQLError]) -> Mapping[str, object]:
    return {"errors": [error.formatted for error in errors]}


def _response(
    body: Mapping[str, object],
    status: int,
    media_type: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    kind = JSON if media_type == EVENT_STREAM else media_type
    return Response(
        orjson.dumps(body),
        status,
        {"content-type": f"{kind}; charset=utf-8", "cache-control": PRIVATE, **(headers or {})},
    )
