"""Lists of creators worth following."""

from typing import Self

import strawberry

from schema.creators import Creator
from schema.page_info import PageInfo
from schema.reasons import Reason
from services.pages import CreatorItem, Page


@strawberry.type(description="A creator's place in a list.")
class CreatorEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on behind this edge.")
    node: Creator = strawberry.field(description="The creator.")
    reason: Reason = strawberry.field(description="Why the creator is here.")

    @classmethod
    def of(cls, item: CreatorItem) -> Self:
        return cls(cursor=item.cursor, node=Creator.of(item.card), reason=Reason.of(item.reason))


@strawberry.type(description="A list of creators.")
class CreatorConnection:
    edges: list[CreatorEdge] = strawberry.field(description="The creators with their places.")
    nodes: list[Creator] = strawberry.field(description="The creators alone.")
    page_info: PageInfo = strawberry.field(description="Where this page lies.")

    @classmethod
    def of(cls, page: Page[CreatorItem]) -> Self:
        edges = [CreatorEdge.of(item) for item in page.items]
        return cls(edges=edges, nodes=[edge.node for edge in edges], page_info=PageInfo.of(page))
