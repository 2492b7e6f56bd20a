"""Objects by their global ids."""

from typing import Annotated

import strawberry

from domain.categories import CategoryRecord
from domain.errors import InvalidInput
from schema.categories import Category
from schema.context import Info
from schema.creators import Creator
from schema.hashtags import Hashtag
from schema.moderation import ModerationCase
from schema.node import Node
from schema.posts import Post
from schema.use_cases import NodeCard
from services.pages import CreatorCard, HashtagCard, PostCard

MAX_NODES = 100
GlobalIds = Annotated[list[strawberry.ID], strawberry.argument(description="1 to 100 global ids.")]
GlobalId = Annotated[strawberry.ID, strawberry.argument(name="id", description="A global id.")]


@strawberry.type
class NodeQueries:
    @strawberry.field(
        description="Any object by its global id; null where it does not exist or this caller "
        "may not see it."
    )
    async def node(self, info: Info, global_id: GlobalId) -> Node | None:
        return as_node(await info.context.loaders.node_by_id.load(global_id))

    @strawberry.field(
        description="At most 100 objects by global id, in the order asked, null for each that is "
        "not there for this caller."
    )
    async def nodes(self, info: Info, ids: GlobalIds) -> list[Node | None]:
        if len(ids) > MAX_NODES:
            raise InvalidInput(f"At most {MAX_NODES} ids at a time.", field="ids")
        cards = await info.context.loaders.node_by_id.load_many(ids)
        return [as_node(card) for card in cards]


def as_node(card: NodeCard | None) -> Node | None:
    match card:
        case None:
            return None
        case PostCard():
            return Post.of(card)
        case CreatorCard():
            return Creator.of(card)
        case CategoryRecord():
            return Category.of(card)
        case HashtagCard():
            return Hashtag.of(card)
        case _:
            return ModerationCase.of(card)
