"""Creators, the people and accounts that posts come from."""

from typing import Self

import strawberry

from domain.identifiers import Kind
from schema.arguments import PAGE, After, First, page_size
from schema.categories import Category
from schema.context import Info
from schema.nested import nested_connection
from schema.node import Node, global_id
from schema.scalars import URL, bounded_int, web_url
from services.pages import CreatorCard, Page, PostItem


@strawberry.type(description="Whoever posts come from.")
class Creator(Node):
    handle: str = strawberry.field(description="The unique name in addresses.")
    display_name: str = strawberry.field(description="The name for people.")
    avatar_url: URL | None = strawberry.field(description="A picture; null where there is none.")
    follower_count: int | None = strawberry.field(
        description="Followers, where upstream tells; null where it does not."
    )
    post_count: int = strawberry.field(description="Posts that are on show.")
    top_categories: list[Category] = strawberry.field(
        description="The categories of most of the creator's posts, most first."
    )
    is_followed_by_viewer: bool | None = strawberry.field(
        description="Whether the caller follows the creator; null for an anonymous caller."
    )
    creator_id: strawberry.Private[str]

    @nested_connection(
        "schema.posts",
        "PostConnection",
        description="The creator's posts, newest first. `first` is 1 to 100.",
    )
    async def posts(self, info: Info, first: First = PAGE, after: After = None) -> Page[PostItem]:
        return await info.context.services.creators.posts(
            info.context.request, self.creator_id, first=page_size(first, PAGE), after=after
        )

    @classmethod
    def of(cls, card: CreatorCard) -> Self:
        record = card.record
        followers = record.follower_count
        return cls(
            id=global_id(Kind.CREATOR, record.id),
            handle=record.handle,
            display_name=record.display_name,
            avatar_url=web_url(record.avatar_url),
            follower_count=None if followers is None else bounded_int(followers),
            post_count=bounded_int(record.post_count),
            top_categories=[Category.of(category) for category in card.top_categories],
            is_followed_by_viewer=card.is_followed,
            creator_id=record.id,
        )
