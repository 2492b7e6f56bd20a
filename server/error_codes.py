"""Errors as callers see them: a code from the contract's closed list, nothing of our inside.

What a caller can mend keeps its message. Everything else is masked: the answer carries a request
id, and the log line with that id carries the cause.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import structlog
from graphql import FieldNode, GraphQLError, GraphQLSyntaxError

from domain.errors import (
    ClientError,
    DependencyError,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotSignedIn,
)

MASKED: Final = "Something went wrong on our side."
UNAVAILABLE: Final = "This cannot be done right now. Try again."

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class Code(StrEnum):
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    PERSISTED_QUERY_REQUIRED = "PERSISTED_QUERY_REQUIRED"
    COST_LIMIT_EXCEEDED = "COST_LIMIT_EXCEEDED"
    RATE_LIMITED = "RATE_LIMITED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    OVERLOADED = "OVERLOADED"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"


OURS_TO_MEND: Final = frozenset({Code.INTERNAL_SERVER_ERROR, Code.UNAVAILABLE})
_OF_CLIENT_ERROR: Final = {
    NotAllowed: Code.FORBIDDEN,
    NotSignedIn: Code.UNAUTHENTICATED,
    NotFound: Code.NOT_FOUND,
}


def code_of(error: GraphQLError) -> Code:
    """The code that a public error carries."""
    extensions = error.extensions or {}
    return Code(extensions.get("code", Code.INTERNAL_SERVER_ERROR))


def refusal(error: GraphQLError) -> GraphQLError:
    """An error of parsing or validation with its code."""
    syntax = isinstance(error, GraphQLSyntaxError)
    code = Code.GRAPHQL_PARSE_FAILED if syntax else Code.GRAPHQL_VALIDATION_FAILED
    return _with_code(error, error.message, code)


def public_errors(errors: Sequence[GraphQLError], request_id: str) -> list[GraphQLError]:
    """Errors of execution as they may leave the process; what is masked is logged."""
    return [_public(error, request_id) for error in errors]


def _public(error: GraphQLError, request_id: str) -> GraphQLError:
    cause = _cause(error)
    if isinstance(cause, ClientError):
        code = next(
            (code for kind, code in _OF_CLIENT_ERROR.items() if isinstance(cause, kind)),
            Code.BAD_USER_INPUT,
        )
        field = cause.field if isinstance(cause, InvalidInput) else None
        return _with_code(error, str(cause), code, **({"argument": field} if field else {}))
    if isinstance(cause, DependencyError | TimeoutError):
        log.warning("operation.unavailable", reason=repr(cause), path=error.path)
        return _with_code(error, UNAVAILABLE, Code.UNAVAILABLE, requestId=request_id)
    if isinstance(cause, GraphQLError) and _is_about_an_argument(error):
        return _with_code(error, error.message, Code.BAD_USER_INPUT)
    if _given_code(error) is not None:
        return GraphQLError(
            error.message,
            error.nodes,
            error.source,
            error.positions,
            error.path,
            extensions=error.extensions,
        )
    log.error("operation.failed", path=error.path, error=error.message, exc_info=cause)
    return _with_code(error, MASKED, Code.INTERNAL_SERVER_ERROR, requestId=request_id)


def internal_error(request_id: str) -> GraphQLError:
    """What callers see of a fault that has no place in a document."""
    extensions = {"code": Code.INTERNAL_SERVER_ERROR.value, "requestId": request_id}
    return GraphQLError(MASKED, extensions=extensions)


def _given_code(error: GraphQLError) -> Code | None:
    """The code that a resolver gave its own `GraphQLError`, if it is one of ours."""
    given = (error.extensions or {}).get("code")
    return Code(given) if given in set(Code) else None


def _cause(error: GraphQLError) -> Exception:
    """What was raised first, below any number of wrappings."""
    cause: Exception = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def _is_about_an_argument(error: GraphQLError) -> bool:
    """Variables are coerced before any field has a path; an argument's error points at it.

    An error of the library that points at a field is about the value which that field gave.
    """
    if error.path is None:
        return True
    return bool(error.nodes) and not isinstance(error.nodes[0], FieldNode)


def _with_code(error: GraphQLError, message: str, code: Code, **more: str) -> GraphQLError:
    extensions: dict[str, object] = {"code": code.value, **more}
    return GraphQLError(
        message, error.nodes, error.source, error.positions, error.path, None, extensions
    )
