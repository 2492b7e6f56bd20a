"""The For You feed and its like: ranked posts that say why they are there."""

from typing import Self

import strawberry

from domain.feed import CandidateSource
from schema.explanations import ScoreExplanation
from schema.feed_info import FeedInfo
from schema.page_info import PageInfo
from schema.posts import Post
from schema.reasons import Reason
from services.pages import FeedItem, Page


@strawberry.type(description="Why a post is on the page.")
class Why:
    reasons: list[Reason] = strawberry.field(
        description="For people: why this post is here. At least one."
    )
    score: ScoreExplanation | None = strawberry.field(
        description="For analysts and admins, null for others: terms and adjustments reproduce "
        "the total, exactly as it was ranked."
    )

    @classmethod
    def of(cls, item: FeedItem) -> Self:
        return cls(
            reasons=[Reason.of(reason) for reason in item.reasons],
            score=item.explanation and ScoreExplanation.of(item.explanation),
        )


@strawberry.type(description="A post's place in a feed.")
class ExploreEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on behind this edge.")
    node: Post = strawberry.field(description="The post.")
    position: int = strawberry.field(
        description="Zero-based place in this caller's session of the feed, counted across pages."
    )
    source: CandidateSource = strawberry.field(description="Where the post was found.")
    impression_token: str = strawberry.field(
        description="Send it back with `trackInteraction`: it proves that, where and when the "
        "post was served. Opaque, signed, expires."
    )
    why: Why = strawberry.field(description="Why the post is here.")

    @classmethod
    def of(cls, item: FeedItem) -> Self:
        return cls(
            cursor=item.cursor,
            node=Post.of(item.card),
            position=item.position,
            source=item.source,
            impression_token=item.token,
            why=Why.of(item),
        )


@strawberry.type(description="A feed: posts ranked for the caller.")
class ExploreConnection:
    edges: list[ExploreEdge] = strawberry.field(description="The posts with their places.")
    nodes: list[Post] = strawberry.field(description="The posts alone.")
    page_info: PageInfo = strawberry.field(description="Where this page lies.")
    feed: FeedInfo = strawberry.field(description="What this response says about itself.")

    @classmethod
    def of(cls, page: Page[FeedItem]) -> Self:
        edges = [ExploreEdge.of(item) for item in page.items]
        return cls(
            edges=edges,
            nodes=[edge.node for edge in edges],
            page_info=PageInfo.of(page),
            feed=FeedInfo.of(page),
        )
