"""Where a page lies in its list."""

from collections.abc import Sequence
from typing import Protocol, Self

import strawberry


class _Placed(Protocol):
    @property
    def cursor(self) -> str: ...


class _Page(Protocol):
    """A `services.pages.Page` of anything that has a cursor."""

    @property
    def items(self) -> Sequence[_Placed]: ...
    @property
    def has_next(self) -> bool: ...
    @property
    def has_previous(self) -> bool: ...


@strawberry.type(description="Where a page lies in its list (Relay's connection specification).")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more follows behind `endCursor`.")
    has_previous_page: bool = strawberry.field(
        description="Whether the page is not the first. Lists are read forward only."
    )
    start_cursor: str | None = strawberry.field(
        description="The first edge's cursor; null on an empty page."
    )
    end_cursor: str | None = strawberry.field(
        description="The last edge's cursor: give it as `after` for the next page; "
        "null on an empty one."
    )

    @classmethod
    def of(cls, page: _Page) -> Self:
        items = page.items
        return cls(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=items[0].cursor if items else None,
            end_cursor=items[-1].cursor if items else None,
        )
