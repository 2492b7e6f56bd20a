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
        "never as query syntax. `first` is 1 to 100. A list holds the best 200 of what matches "
        "and ends after them."
    )
    async def search(
        self,
        info: Info,
        query: Annotated[str, strawberry.argument(description="What to look for.")],
        kind: Annotated[
            SearchType | None, strawberry.argument(name="type", description="Among what.")
        ] = SearchType.POSTS,
        first: First = PAGE,
        after: After = None,
        only: Annotated[
            SearchFilter | None,
            strawberry.argument(name="filter", description="Only what fits it."),
        ] = None,
    ) -> SearchConnection:
        page = await info.context.services.search.search(
            info.context.request,
            query=query,
            type=kind or SearchType.POSTS,
            first=page_size(first, PAGE),
            after=after,
            filter=inputs.SearchFilter() if only is None else only.to_service(),
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
