"""Arguments that many list fields share, with their descriptions."""

from typing import Annotated, Final, TypeVar

import strawberry

from domain.trending import Window

T = TypeVar("T")

First = Annotated[
    int | None,
    strawberry.argument(description="How many at most; beyond the field's bounds it is an error."),
]
After = Annotated[
    str | None,
    strawberry.argument(
        description="A cursor of this list: go on behind it. Left out: the first page."
    ),
]
WindowArgument = Annotated[
    Window | None, strawberry.argument(description="How far back engagement counts.")
]
Input = strawberry.argument(name="input", description="All that the mutation needs.")
PAGE: Final = 20


def page_size(first: int | None, usual: int) -> int:
    """``first``, or what the schema gives as its default: null means that too."""
    return usual if first is None else first


def given(value: T | None) -> T | None:
    """The value of a field of a `@oneOf` input; None where it was left out."""
    return None if value is strawberry.UNSET else value
