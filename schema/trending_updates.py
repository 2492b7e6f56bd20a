"""What changes in the head of a trending list."""

from functools import lru_cache
from typing import Final, Self

import strawberry

from domain.identifiers import Kind
from schema.node import global_id
from schema.rendered import Rendered
from schema.trending import TrendingEdge
from services.pages import TrendingHead
from services.shown_heads import ShownHead
from services.watched_list import HeadChange

UPDATES_KEPT: Final = 64


@strawberry.type(description="A post that changed its place.")
class TrendingMove:
    id: strawberry.ID = strawberry.field(description="The post.")
    from_: int = strawberry.field(name="from", description="Its rank before.")
    to: int = strawberry.field(description="Its rank now.")


@strawberry.type(description="The head of a trending list, or what changed in it.")
class TrendingUpdate:
    version: int = strawberry.field(
        description="Names this head: give it as `since` to go on from here."
    )
    reset: bool = strawberry.field(
        description="Whether `entered` is the whole head, to be taken instead of the one held."
    )
    entered: list[TrendingEdge] = strawberry.field(description="Posts that are new in the head.")
    moved: list[TrendingMove] = strawberry.field(description="Posts that changed their places.")
    left: list[strawberry.ID] = strawberry.field(description="Posts that are gone from it.")
    rendered: strawberry.Private[Rendered]  # one update goes to many listeners

    @classmethod
    @lru_cache(maxsize=UPDATES_KEPT)
    def of(cls, change: HeadChange) -> Self | None:
        """The same object for the same change; None where no post entered, moved or left."""
        if change.before is None:
            return cls.whole(change.version, change.head)
        return cls.between(change.before, change.version, change.head)

    @classmethod
    def whole(cls, version: int, head: TrendingHead) -> Self:
        return cls(
            version=version,
            reset=True,
            entered=[TrendingEdge.of(item) for item in head.items],
            moved=[],
            left=[],
            rendered=Rendered(),
        )

    @classmethod
    def between(cls, before: ShownHead, version: int, after: TrendingHead) -> Self | None:
        """The change from one head to the next; None where no post entered, moved or left."""
        old = {post_id: rank for rank, post_id in enumerate(before.posts, 1)}
        new = {item.card.record.id: item.rank for item in after.items}
        if old == new:
            return None
        return cls(
            version=version,
            reset=False,
            entered=[
                TrendingEdge.of(item) for item in after.items if item.card.record.id not in old
            ],
            moved=[
                TrendingMove(id=_post(post_id), from_=old[post_id], to=rank)
                for post_id, rank in new.items()
                if old.get(post_id, rank) != rank
            ],
            left=[_post(post_id) for post_id in old if post_id not in new],
            rendered=Rendered(),
        )


def _post(post_id: str) -> strawberry.ID:
    return global_id(Kind.POST, post_id)
