"""Search results and suggestions."""

from typing import Annotated, Self

import strawberry

from schema.creators import Creator
from schema.feed_info import FeedInfo
from schema.hashtags import Hashtag
from schema.page_info import PageInfo
from schema.posts import Post
from schema.scalars import DateTime, bounded_int
from services import inputs
from services.pages import (
    CreatorCard,
    HashtagCard,
    Page,
    PostCard,
    SearchItem,
    SearchType,
    SuggestionItem,
)


@strawberry.input(description="Only what fits all that is given.")
class SearchFilter:
    category: str | None = strawberry.field(default=None, description="A category's slug.")
    hashtag: str | None = strawberry.field(default=None, description="With or without `#`.")
    language: str | None = strawberry.field(default=None, description="Such as `en`.")
    region: str | None = strawberry.field(default=None, description="Such as `DE`.")
    since: DateTime | None = strawberry.field(default=None, description="Not older than this.")
    until: DateTime | None = strawberry.field(default=None, description="Older than this.")

    def to_service(self) -> inputs.SearchFilter:
        return inputs.SearchFilter(
            category=self.category,
            hashtag=self.hashtag,
            language=self.language,
            region=self.region,
            since=self.since,
            until=self.until,
        )


SearchResult = Annotated[
    Post | Creator | Hashtag, strawberry.union("SearchResult", description="What can be found.")
]


def search_result(card: PostCard | CreatorCard | HashtagCard) -> Post | Creator | Hashtag:
    if isinstance(card, PostCard):
        return Post.of(card)
    return Creator.of(card) if isinstance(card, CreatorCard) else Hashtag.of(card)


@strawberry.type(description="A result's place in the list.")
class SearchEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on behind this edge.")
    node: SearchResult = strawberry.field(description="What was found.")
    highlights: list[str] = strawberry.field(
        description="Fragments with the matches between `<mark>` and `</mark>`; all else is "
        "escaped."
    )
    impression_token: str | None = strawberry.field(
        description="For posts, null for others: send it back with `trackInteraction`. "
        "Opaque, signed, expires."
    )

    @classmethod
    def of(cls, item: SearchItem) -> Self:
        return cls(
            cursor=item.cursor,
            node=search_result(item.result),
            highlights=list(item.highlights),
            impression_token=item.token,
        )


@strawberry.type(description="What a search found, best first.")
class SearchConnection:
    edges: list[SearchEdge] = strawberry.field(description="The results with their places.")
    page_info: PageInfo = strawberry.field(description="Where this page lies.")
    total_count: int | None = strawberry.field(
        description="How many match in all, also beyond the 200 that the list holds; null where "
        "nobody counted."
    )
    feed: FeedInfo = strawberry.field(description="What this response says about itself.")

    @classmethod
    def of(cls, page: Page[SearchItem]) -> Self:
        return cls(
            edges=[SearchEdge.of(item) for item in page.items],
            page_info=PageInfo.of(page),
            total_count=None if page.total is None else bounded_int(page.total),
            feed=FeedInfo.of(page),
        )


@strawberry.type(description="A completion for a search box.")
class Suggestion:
    text: str = strawberry.field(description="What to search for.")
    type: SearchType = strawberry.field(description="Among what to search for it.")

    @classmethod
    def of(cls, item: SuggestionItem) -> Self:
        return cls(text=item.text, type=item.type)
