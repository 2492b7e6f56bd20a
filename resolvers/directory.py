"""Categories, creators and hashtags, singly and as lists."""

from typing import Annotated

import strawberry

from domain.trending import Window
from schema.arguments import PAGE, After, First, WindowArgument, page_size
from schema.categories import CREATORS_PAGE, Category
from schema.category_lists import CategoryConnection
from schema.context import Info
from schema.creator_lists import CreatorConnection
from schema.creators import Creator
from schema.hashtag_lists import HashtagConnection
from schema.hashtags import Hashtag

CATEGORIES_PAGE = 50


@strawberry.type
class DirectoryQueries:
    @strawberry.field(description="The active categories in display order. `first` is 1 to 100.")
    async def categories(
        self, info: Info, first: First = CATEGORIES_PAGE, after: After = None
    ) -> CategoryConnection:
        page = await info.context.services.categories.page(
            info.context.request, first=page_size(first, CATEGORIES_PAGE), after=after
        )
        return CategoryConnection.of(page)

    @strawberry.field(description="The active category with this slug; null where there is none.")
    async def category(
        self,
        info: Info,
        slug: Annotated[str, strawberry.argument(description="Such as `world-news`.")],
    ) -> Category | None:
        record = await info.context.services.categories.get(info.context.request, slug)
        return None if record is None else Category.of(record)

    @strawberry.field(
        description="Creators worth following, for this caller, best first; those already "
        "followed are left out. `first` is 1 to 100."
    )
    async def creators(
        self,
        info: Info,
        first: First = CREATORS_PAGE,
        after: After = None,
        category: Annotated[
            str | None, strawberry.argument(description="A category's slug; left out: any.")
        ] = None,
    ) -> CreatorConnection:
        page = await info.context.services.creators.recommended(
            info.context.request,
            first=page_size(first, CREATORS_PAGE),
            after=after,
            category=category,
        )
        return CreatorConnection.of(page)

    @strawberry.field(description="The creator with this handle; null where there is none.")
    async def creator(
        self, info: Info, handle: Annotated[str, strawberry.argument(description="Without `@`.")]
    ) -> Creator | None:
        card = await info.context.services.creators.by_handle(info.context.request, handle)
        return None if card is None else Creator.of(card)

    @strawberry.field(
        description="The hashtag of this name, with or without `#`; null where nobody uses it."
    )
    async def hashtag(
        self,
        info: Info,
        name: Annotated[str, strawberry.argument(description="With or without `#`.")],
    ) -> Hashtag | None:
        card = await info.context.services.hashtags.get(info.context.request, name)
        return None if card is None else Hashtag.of(card)

    @strawberry.field(
        description="Hashtags that rise faster than their own usual rate. `first` is 1 to 100."
    )
    async def trending_hashtags(
        self,
        info: Info,
        first: First = PAGE,
        after: After = None,
        window: WindowArgument = Window.DAY,
        region: Annotated[
            str | None, strawberry.argument(description="A region code; left out: worldwide.")
        ] = None,
    ) -> HashtagConnection:
        page = await info.context.services.hashtags.trending(
            info.context.request,
            first=page_size(first, PAGE),
            after=after,
            window=window or Window.DAY,
            region=region,
        )
        return HashtagConnection.of(page)
