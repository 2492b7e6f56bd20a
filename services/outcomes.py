"""Answers of mutations: what was done, and the mistakes that the caller can mend."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class UserErrorCode(StrEnum):
    NOT_FOUND = "NOT_FOUND"
    INVALID_VALUE = "INVALID_VALUE"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    TOKEN_INVALID = "TOKEN_INVALID"  # noqa: S105 - an error code
    TOKEN_EXPIRED = "TOKEN_EXPIRED"  # noqa: S105 - an error code
    TOO_MANY = "TOO_MANY"
    CONFLICT = "CONFLICT"
    NOT_ALLOWED = "NOT_ALLOWED"


@dataclass(frozen=True, slots=True)
class UserError:
    """``path`` leads to the field at fault and begins with ``input``."""

    code: UserErrorCode
    message: str
    path: tuple[str, ...]


def mistake(code: UserErrorCode, message: str, *path: str) -> UserError:
    """An error at a field of the input; ``path`` leads there from ``input`` downwards."""
    return UserError(code, message, ("input", *path))


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """``value`` is None exactly where there are errors."""

    value: T | None = None
    errors: tuple[UserError, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """``recorded`` is False where the same was on record already, and where there are errors."""

    recorded: bool
    errors: tuple[UserError, ...] = ()
