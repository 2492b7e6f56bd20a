"""Requests that are answered before anything is executed."""

from collections.abc import Mapping, Sequence
from typing import Final

from graphql import GraphQLError

from server.error_codes import Code

RETRY_AFTER_MS: Final = 1_000


class Refused(Exception):
    """Refused as a request of HTTP; `status` None means: cannot be executed (400 or 422)."""

    def __init__(
        self,
        message: str,
        code: Code = Code.BAD_USER_INPUT,
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        extensions: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = dict(headers or {})
        details: dict[str, object] = {"code": code.value, **(extensions or {})}
        self.errors: Sequence[GraphQLError] = [GraphQLError(message, extensions=details)]


class Unexecutable(Exception):
    """A well-formed request whose document or variables do not allow execution.

    The errors carry their codes. Some clients expect these under status 200.
    """

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors

    @classmethod
    def because(cls, message: str, code: Code) -> "Unexecutable":
        return cls([GraphQLError(message, extensions={"code": code.value})])


def overloaded() -> Refused:
    """What whoever comes too many is told: not now, and when again."""
    return Refused(
        "Too much at once. Try again in a moment.",
        Code.OVERLOADED,
        status=503,
        headers={"retry-after": str(RETRY_AFTER_MS // 1_000)},
        extensions={"retryAfterMs": RETRY_AFTER_MS},
    )
