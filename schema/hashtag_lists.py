"""Lists of hashtags that rise."""

from typing import Self

import strawberry

from schema.hashtags import Hashtag
from schema.page_info import PageInfo
from schema.scalars import bounded_int
from services.pages import HashtagItem, Page


@strawberry.type(description="A hashtag's place in a trending list.")
class HashtagEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on behind this edge.")
    node: Hashtag = strawberry.field(description="The hashtag.")
    rank: int = strawberry.field(description="Its place, from 1.")
    people: int = strawberry.field(description="Distinct people who used it in the window.")
    lift: float = strawberry.field(
        description="People in the window as a multiple of those whom its own history leads one "
        "to expect; two are added to both, so that small numbers stay modest."
    )

    @classmethod
    def of(cls, item: HashtagItem) -> Self:
        return cls(
            cursor=item.cursor,
            node=Hashtag.of(item.card),
            rank=item.rank,
            people=bounded_int(item.people),
            lift=item.lift,
        )


@strawberry.type(description="Hashtags that rise faster than their own usual rate.")
class HashtagConnection:
    edges: list[HashtagEdge] = strawberry.field(description="The hashtags with their places.")
    nodes: list[Hashtag] = strawberry.field(description="The hashtags alone.")
    page_info: PageInfo = strawberry.field(description="Where this page lies.")

    @classmethod
    def of(cls, page: Page[HashtagItem]) -> Self:
        edges = [HashtagEdge.of(item) for item in page.items]
        return cls(edges=edges, nodes=[edge.node for edge in edges], page_info=PageInfo.of(page))
