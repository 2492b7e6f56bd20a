"""Ranked posts: the For You feed and what is trending."""

from typing import Annotated

import strawberry

from domain.trending import Window
from schema.arguments import PAGE, After, First, WindowArgument, page_size
from schema.context import Info
from schema.explore import ExploreConnection
from schema.trending import TrendingConnection, TrendingScope
from services.inputs import TrendingScope as Scope

Region = Annotated[
    str | None,
    strawberry.argument(
        description="A region code, two capital letters; left out: the caller's own, if known."
    ),
]
ScopeArgument = Annotated[
    TrendingScope | None, strawberry.argument(description="Left out: worldwide.")
]


def given_scope(scope: TrendingScope | None) -> Scope:
    return Scope() if scope is None else scope.to_service()


@strawberry.type
class FeedQueries:
    @strawberry.field(
        description="The For You feed: ranked for the caller, or for a newcomer where the caller "
        "is anonymous. `first` is 1 to 50."
    )
    async def explore(
        self, info: Info, first: First = PAGE, after: After = None, region: Region = None
    ) -> ExploreConnection:
        page = await info.context.services.explore.page(
            info.context.request, first=page_size(first, PAGE), after=after, region=region
        )
        return ExploreConnection.of(page)

    @strawberry.field(
        description="What is rising now, in one window and one scope (worldwide where none is "
        "given). `first` is 1 to 100."
    )
    async def trending(
        self,
        info: Info,
        first: First = PAGE,
        after: After = None,
        window: WindowArgument = Window.DAY,
        scope: ScopeArgument = None,
    ) -> TrendingConnection:
        page = await info.context.services.trending.page(
            info.context.request,
            first=page_size(first, PAGE),
            after=after,
            window=window or Window.DAY,
            scope=given_scope(scope),
        )
        return TrendingConnection.of(page)
