"""What the simulated people read of the API's answers."""

from datetime import datetime

import msgspec


class CategoryRead(msgspec.Struct, frozen=True):
    slug: str


class PostCategoryRead(msgspec.Struct, frozen=True):
    category: CategoryRead


class CreatorRead(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    is_followed_by_viewer: bool | None = None


class PostRead(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    created_at: datetime
    creator: CreatorRead
    categories: list[PostCategoryRead]

    @property
    def category(self) -> str | None:
        return self.categories[0].category.slug if self.categories else None


class EdgeRead(msgspec.Struct, frozen=True, rename="camel"):
    impression_token: str
    node: PostRead


class PageInfoRead(msgspec.Struct, frozen=True, rename="camel"):
    has_next_page: bool
    end_cursor: str | None


class PageRead(msgspec.Struct, frozen=True, rename="camel"):
    edges: list[EdgeRead]
    page_info: PageInfoRead


class Reads(msgspec.Struct, frozen=True):
    """The root fields that are looked at; mutations are sent and believed."""

    explore: PageRead | None = None


class ExtensionsRead(msgspec.Struct, frozen=True, rename="camel"):
    code: str = ""
    retry_after_ms: float | None = None


class ErrorRead(msgspec.Struct, frozen=True):
    message: str
    extensions: ExtensionsRead = ExtensionsRead()


class Answer(msgspec.Struct, frozen=True):
    data: Reads | None = None
    errors: list[ErrorRead] = []
