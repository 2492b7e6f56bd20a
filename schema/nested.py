"""Lists that hang on objects: `Creator.posts`, `Post.related` and their like.

The types of a graph refer to each other in circles (a creator has posts, a post has a creator),
modules must not. So such a field names its connection by module and class, its resolver returns
the service's page, and an extension turns the one into the other.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, Self

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.types.lazy_type import LazyType
from typing_extensions import override

from services.pages import Page

Resolver = Callable[..., Awaitable[Page[Any]]]


class _Connection(Protocol):
    @classmethod
    def of(cls, page: Page[Any]) -> Self: ...


class _AsConnection(FieldExtension):
    def __init__(self, connection: LazyType[Any, Any]) -> None:
        self._connection = connection

    @override
    async def resolve_async(
        self, next_: Resolver, source: Any, info: Any, **kwargs: Any
    ) -> _Connection:
        connection: type[_Connection] = self._connection.resolve_type()
        return connection.of(await next_(source, info, **kwargs))


def nested_connection(module: str, name: str, *, description: str) -> Callable[[Resolver], Any]:
    """A field of type ``module.name`` over a resolver that returns a service's page."""
    connection: LazyType[Any, Any] = LazyType(name, module)

    def field(resolver: Resolver) -> Any:  # noqa: ANN401 - Strawberry's own type for a field
        return strawberry.field(
            resolver=resolver,
            graphql_type=connection,
            description=description,
            extensions=[_AsConnection(connection)],
        )

    return field
