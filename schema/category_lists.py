"""The list of categories."""

from typing import Self

import strawberry

from schema.categories import Category
from schema.page_info import PageInfo
from schema.scalars import bounded_int
from services.pages import CategoryItem, Page


@strawberry.type(description="A category's place in the list.")
class CategoryEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on behind this edge.")
    node: Category = strawberry.field(description="The category.")

    @classmethod
    def of(cls, item: CategoryItem) -> Self:
        return cls(cursor=item.cursor, node=Category.of(item.record))


@strawberry.type(description="The active categories in display order.")
class CategoryConnection:
    edges: list[CategoryEdge] = strawberry.field(description="The categories with their places.")
    nodes: list[Category] = strawberry.field(description="The categories alone.")
    page_info: PageInfo = strawberry.field(description="Where this page lies.")
    total_count: int = strawberry.field(description="How many there are in all.")

    @classmethod
    def of(cls, page: Page[CategoryItem]) -> Self:
        edges = [CategoryEdge.of(item) for item in page.items]
        return cls(
            edges=edges,
            nodes=[edge.node for edge in edges],
            page_info=PageInfo.of(page),
            total_count=bounded_int(page.total or 0),
        )
