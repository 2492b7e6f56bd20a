"""Search and suggestions."""

from typing import Annotated

import strawberry

from schema.arguments import PAGE, After, First, page_size
from schema.context import Info
from schema.search import SearchConnection, SearchFilter, Suggestion
from services import inputs
from services.pages import SearchType

SUGGESTIONS = 8


@strawberry.type
class SearchQueries:
    @strawberry.field(
        description="Full-text search. `query` is 1 to 256 characters and is taken literally, "
        "never as query syntax. `first` is 1 to 50."
    )
    async def search(
        self,
        info: Info,
        query: Annotated[str, strawberry.argument(description="What to look for.")],
        type: SearchType | None = SearchType.POSTS,  # noqa: A002 - the argument's name in the schema
        first: First = PAGE,
        after: After = None,
        filter: SearchFilter | None = None,  # noqa: A002 - as above
    ) -> SearchConnection:
        page = await info.context.services.search.search(
            info.context.request,
            query=query,
            type=type or SearchType.POSTS,
            first=page_size(first, PAGE),
            after=after,
            filter=inputs.SearchFilter() if filter is None else filter.to_service(),
        )
        return SearchConnection.of(page)

    @strawberry.field(description="Completions for a search box, best first. `first` is 1 to 20.")
    async def suggest(
        self,
        info: Info,
        prefix: Annotated[str, strawberry.argument(description="What was typed so far.")],
        first: First = SUGGESTIONS,
    ) -> list[Suggestion]:
        found = await info.context.services.search.suggest(
            info.context.request, prefix=prefix, first=page_size(first, SUGGESTIONS)
        )
        return [Suggestion.of(item) for item in found]
