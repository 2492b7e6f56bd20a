"""Trending posts: lists, and what changes in their heads."""

from typing import Self

import strawberry

from schema.arguments import given
from schema.feed_info import FeedInfo
from schema.page_info import PageInfo
from schema.posts import Post
from services.inputs import TrendingScope as Scope
from services.pages import Page, TrendingItem


@strawberry.input(one_of=True, description="Exactly one.")
class TrendingScope:
    region: str | None = strawberry.field(
        default=strawberry.UNSET, description="A region code, two capital letters, such as `DE`."
    )
    category: str | None = strawberry.field(
        default=strawberry.UNSET, description="A category's slug."
    )
    hashtag: str | None = strawberry.field(
        default=strawberry.UNSET, description="A hashtag, with or without `#`."
    )

    def to_service(self) -> Scope:
        return Scope(
            region=given(self.region), category=given(self.category), hashtag=given(self.hashtag)
        )


@strawberry.type(description="A post's place in a trending list.")
class TrendingEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on behind this edge.")
    node: Post = strawberry.field(description="The post.")
    rank: int = strawberry.field(description="Its place, from 1.")
    rank_change: int | None = strawberry.field(
        description="Rank one refresh period ago less the rank now; null where it was not listed."
    )
    score: float = strawberry.field(
        description="Engagement in the window, decayed to now; comparable within one list only."
    )
    impression_token: str = strawberry.field(
        description="Send it back with `trackInteraction`. Opaque, signed, expires."
    )

    @classmethod
    def of(cls, item: TrendingItem) -> Self:
        return cls(
            cursor=item.cursor,
            node=Post.of(item.card),
            rank=item.rank,
            rank_change=item.rank_change,
            score=item.score,
            impression_token=item.token,
        )


@strawberry.type(description="Posts that rise, best first.")
class TrendingConnection:
    edges: list[TrendingEdge] = strawberry.field(description="The posts with their places.")
    nodes: list[Post] = strawberry.field(description="The posts alone.")
    page_info: PageInfo = strawberry.field(description="Where this page lies.")
    feed: FeedInfo = strawberry.field(description="What this response says about itself.")

    @classmethod
    def of(cls, page: Page[TrendingItem]) -> Self:
        edges = [TrendingEdge.of(item) for item in page.items]
        return cls(
            edges=edges,
            nodes=[edge.node for edge in edges],
            page_info=PageInfo.of(page),
            feed=FeedInfo.of(page),
        )
