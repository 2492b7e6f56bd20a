"""Posts, and plain lists of them."""

from functools import lru_cache
from typing import Self

import strawberry
from typing_extensions import override

from domain.identifiers import Kind
from schema.arguments import After, First, page_size
from schema.categories import Category
from schema.context import Info
from schema.creators import Creator
from schema.hashtags import Hashtag
from schema.nested import nested_connection
from schema.node import Node, global_id
from schema.page_info import PageInfo
from schema.post_parts import (
    Interstitial,
    Media,
    PostCategory,
    PostStats,
    PostViewerState,
    PostVisibility,
)
from schema.rendered import Rendered
from schema.scalars import URL, DateTime, web_url
from services.pages import Page, PostCard, PostItem

RELATED_PAGE = 10
POSTS_KEPT = 4_096  # each with its JSON some 4 KB


@strawberry.type(description="Something that a creator published.")
class Post(Node):
    title: str | None = strawberry.field(description="A headline; null where the post has none.")
    text: str = strawberry.field(description="The post itself; empty where the title says it all.")
    url: URL | None = strawberry.field(
        description="The page that it points to; null where it points to none."
    )
    language: str | None = strawberry.field(
        description="A language tag, such as `en`; null where it is not known."
    )
    region: str | None = strawberry.field(
        description="A region code, such as `DE`; null where it is not known."
    )
    created_at: DateTime = strawberry.field(description="When it was published.")
    creator: Creator = strawberry.field(description="Who published it.")
    categories: list[PostCategory] = strawberry.field(
        description="What it is about, most certain first."
    )
    hashtags: list[Hashtag] = strawberry.field(description="The hashtags that it carries.")
    media: list[Media] = strawberry.field(description="Pictures and the like.")
    stats: PostStats = strawberry.field(description="How people reacted to it.")
    interstitial: Interstitial | None = strawberry.field(
        description="Set where the post may be shown only behind a notice; null elsewhere."
    )
    viewer_state: PostViewerState | None = strawberry.field(
        description="What the caller did with it. Null for an anonymous caller."
    )
    visibility: PostVisibility | None = strawberry.field(
        description="The author sees the state of an own post, a moderator that of any; "
        "null for everyone else."
    )
    post_id: strawberry.Private[str]
    rendered: strawberry.Private[Rendered | None] = None

    @nested_connection(
        "schema.posts",
        "PostConnection",
        description="Posts that the same people liked, saved and commented on, or that read "
        "alike. `first` is 1 to 100.",
    )
    async def related(
        self, info: Info, first: First = RELATED_PAGE, after: After = None
    ) -> Page[PostItem]:
        return await info.context.services.related.page(
            info.context.request, self.post_id, first=page_size(first, RELATED_PAGE), after=after
        )

    @classmethod
    def of(cls, card: PostCard) -> "Post":
        """What the card says, the same object for the same card: the JSON is kept with it."""
        return cls.made_of(card) if card.visibility else _kept(_Key(card))

    @classmethod
    def made_of(cls, card: PostCard, rendered: Rendered | None = None) -> Self:
        record = card.record
        return cls(
            rendered=rendered,
            id=global_id(Kind.POST, record.id),
            title=record.title,
            text=record.text,
            url=web_url(record.url),
            language=record.language,
            region=record.region,
            created_at=DateTime(record.created_at),
            creator=Creator.of(card.creator),
            categories=_categories(card),
            hashtags=[Hashtag.named(name) for name in record.hashtags],
            media=[
                Media.of(media, url)
                for media in record.media
                if (url := web_url(media.url)) is not None
            ],
            stats=PostStats.of(card.stats),
            interstitial=None if card.interstitial is None else Interstitial.of(card.interstitial),
            viewer_state=card.viewer_state and PostViewerState.of(card.viewer_state),
            visibility=card.visibility and PostVisibility.of(card.visibility),
            post_id=record.id,
        )


class _Key:
    """A card as a key: hashed by little, compared as a whole (mostly by identity of its parts)."""

    __slots__ = ("_hash", "card")

    def __init__(self, card: PostCard) -> None:
        self.card = card
        self._hash = hash((card.record.id, card.stats))

    @override
    def __hash__(self) -> int:
        return self._hash

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.card == other.card


@lru_cache(maxsize=POSTS_KEPT)
def _kept(key: _Key) -> Post:
    return Post.made_of(key.card, Rendered())


def _categories(card: PostCard) -> list[PostCategory]:
    """Each category with the confidence that the record gives for its slug."""
    confidence = {guess.slug: guess.confidence for guess in card.record.categories}
    return [
        PostCategory(category=Category.of(category), confidence=confidence.get(category.slug, 0.0))
        for category in card.categories
    ]


@strawberry.type(description="A post's place in a list.")
class PostEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on behind this edge.")
    node: Post = strawberry.field(description="The post.")

    @classmethod
    def of(cls, item: PostItem) -> Self:
        return cls(cursor=item.cursor, node=Post.of(item.card))


@strawberry.type(description="A list of posts.")
class PostConnection:
    edges: list[PostEdge] = strawberry.field(description="The posts with their places.")
    nodes: list[Post] = strawberry.field(description="The posts alone.")
    page_info: PageInfo = strawberry.field(description="Where this page lies.")

    @classmethod
    def of(cls, page: Page[PostItem]) -> Self:
        edges = [PostEdge.of(item) for item in page.items]
        return cls(edges=edges, nodes=[edge.node for edge in edges], page_info=PageInfo.of(page))
