"""The head of a trending list, sent as it changes."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Final

import strawberry
from graphql import GraphQLError

from domain.trending import Window
from resolvers.feeds import ScopeArgument, given_scope
from schema.arguments import PAGE, First, WindowArgument, page_size
from schema.context import Info
from schema.trending_updates import TrendingUpdate
from services.trending_watch import TooManyListeners
from services.watched_list import WatchedHead

RETRY_AFTER_MS: Final = 5_000


@strawberry.type
class TrendingSubscriptions:
    @strawberry.subscription(
        description="The head of a trending list as it changes: first the whole head (or, with "
        "`since`, what changed after that version where it is still known), then deltas, at most "
        "one a second. `first` is 1 to 100."
    )
    async def trending_updates(
        self,
        info: Info,
        window: WindowArgument = Window.HOUR,
        scope: ScopeArgument = None,
        first: First = PAGE,
        since: Annotated[
            int | None, strawberry.argument(description="The version that the caller holds.")
        ] = None,
    ) -> AsyncGenerator[TrendingUpdate, None]:
        watched = WatchedHead(page_size(first, PAGE), window or Window.HOUR, given_scope(scope))
        changes = info.context.trending_watch.changes(info.context.request, watched, since)
        try:
            async with aclosing(changes):
                async for change in changes:
                    if (update := TrendingUpdate.of(change)) is not None:
                        yield update
        except TooManyListeners:
            extensions = {"code": "OVERLOADED", "retryAfterMs": RETRY_AFTER_MS}
            raise GraphQLError("Too many listen here.", extensions=extensions) from None
