"""Categories, the topics that posts are sorted into."""

from functools import lru_cache
from typing import Self

import strawberry

from domain.categories import CategoryRecord
from domain.identifiers import Kind
from schema.arguments import PAGE, After, First, page_size
from schema.context import Info
from schema.nested import nested_connection
from schema.node import Node, global_id
from schema.scalars import URL, web_url
from services.pages import CreatorItem, FeedItem, Page

CREATORS_PAGE = 10
CATEGORIES_KEPT = 1_024


@strawberry.type(description="A topic that posts are sorted into.")
class Category(Node):
    slug: str = strawberry.field(description="Its name in addresses and arguments.")
    name: str = strawberry.field(description="Its name for people.")
    description: str | None = strawberry.field(
        description="What belongs into it; null where nobody wrote it down."
    )
    icon_url: URL | None = strawberry.field(description="A small picture; null where it has none.")
    display_order: int = strawberry.field(description="Its place among the others, low first.")

    @nested_connection(
        "schema.explore",
        "ExploreConnection",
        description="Its best posts for this caller. `first` is 1 to 100.",
    )
    async def posts(self, info: Info, first: First = PAGE, after: After = None) -> Page[FeedItem]:
        return await info.context.services.categories.posts(
            info.context.request, self.slug, first=page_size(first, PAGE), after=after
        )

    @nested_connection(
        "schema.creator_lists",
        "CreatorConnection",
        description="Creators worth following for their posts in it. `first` is 1 to 100.",
    )
    async def creators(
        self, info: Info, first: First = CREATORS_PAGE, after: After = None
    ) -> Page[CreatorItem]:
        return await info.context.services.categories.creators(
            info.context.request, self.slug, first=page_size(first, CREATORS_PAGE), after=after
        )

    @classmethod
    @lru_cache(maxsize=CATEGORIES_KEPT)
    def of(cls, record: CategoryRecord) -> Self:
        """The same object for the same record: a page names a few categories many times."""
        return cls(
            id=global_id(Kind.CATEGORY, record.slug),
            slug=record.slug,
            name=record.name,
            description=record.description,
            icon_url=web_url(record.icon_url),
            display_order=record.display_order,
        )
