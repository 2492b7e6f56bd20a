"""The head of a trending list, sent as it changes."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Annotated

import strawberry

from domain.trending import Window
from resolvers.feeds import ScopeArgument, given_scope
from schema.arguments import PAGE, First, WindowArgument, page_size
from schema.context import Info
from schema.trending_updates import TrendingUpdate
from services.inputs import TrendingScope
from services.pages import TrendingHead

INTERVAL = 1.0  # seconds between two looks at the list, and so between two messages


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
        heads = _heads(info, page_size(first, PAGE), window or Window.HOUR, given_scope(scope))
        async with aclosing(heads):
            held = await anext(heads)
            if held.version != since:
                yield TrendingUpdate.whole(held)
            async for head in heads:
                update = TrendingUpdate.between(held, head)
                held = head
                if update is not None:
                    yield update


async def _heads(
    info: Info, first: int, window: Window, scope: TrendingScope
) -> AsyncGenerator[TrendingHead, None]:
    """The head now, and again after each interval, for as long as somebody listens."""
    request = info.context.request
    clock = asyncio.get_running_loop().time
    begun = clock()
    while True:
        yield await info.context.services.trending.head(
            replace(request, now=request.now + clock() - begun),
            first=first,
            window=window,
            scope=scope,
        )
        await asyncio.sleep(INTERVAL)
