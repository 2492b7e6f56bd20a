"""Mistakes in a mutation's input, as data."""

from collections.abc import Sequence
from typing import Self

import strawberry

from services import outcomes
from services.outcomes import UserErrorCode


@strawberry.type(description="A mistake of the caller's that the caller can mend.")
class UserError:
    code: UserErrorCode = strawberry.field(description="The kind of mistake.")
    message: str = strawberry.field(description="What is wrong and how to mend it.")
    path: list[str] = strawberry.field(description="The way to the field, from `input` downwards.")

    @classmethod
    def of(cls, error: outcomes.UserError) -> Self:
        return cls(code=error.code, message=error.message, path=list(error.path))


def user_errors(errors: Sequence[outcomes.UserError]) -> list[UserError]:
    return [UserError.of(error) for error in errors]
