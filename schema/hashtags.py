"""Hashtags."""

from typing import Self

import strawberry

from domain.identifiers import Kind
from domain.trending import Window
from schema.arguments import PAGE, After, First, WindowArgument, page_size
from schema.context import Info
from schema.nested import nested_connection
from schema.node import Node, global_id
from schema.scalars import bounded_int
from services.pages import HashtagCard, Page, TrendingItem


@strawberry.type(description="A word that creators mark their posts with.")
class Hashtag(Node):
    name: str = strawberry.field(description="Lower case, without `#`.")
    known_post_count: strawberry.Private[int | None] = None

    @strawberry.field(description="How many posts that may be recommended carry it.")
    async def post_count(self, info: Info) -> int:
        if self.known_post_count is not None:
            return self.known_post_count
        card = await info.context.loaders.hashtag_by_name.load(self.name)
        return bounded_int(card.post_count)

    @nested_connection(
        "schema.trending",
        "TrendingConnection",
        description="Its posts that rise, best first. `first` is 1 to 100.",
    )
    async def posts(
        self,
        info: Info,
        first: First = PAGE,
        after: After = None,
        window: WindowArgument = Window.DAY,
    ) -> Page[TrendingItem]:
        return await info.context.services.hashtags.posts(
            info.context.request,
            self.name,
            first=page_size(first, PAGE),
            after=after,
            window=window or Window.DAY,
        )

    @classmethod
    def of(cls, card: HashtagCard) -> Self:
        return cls(
            id=global_id(Kind.HASHTAG, card.name),
            name=card.name,
            known_post_count=bounded_int(card.post_count),
        )

    @classmethod
    def named(cls, name: str) -> Self:
        """A hashtag of which nothing but its name is at hand; its count is read if asked for."""
        return cls(id=global_id(Kind.HASHTAG, name), name=name)
