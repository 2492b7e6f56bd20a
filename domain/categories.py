"""The categories of the explore page."""

import msgspec


class CategoryRecord(msgspec.Struct, frozen=True, kw_only=True):
    slug: str
    name: str
    description: str | None = None
    icon_url: str | None = None
    display_order: int = 0
    is_active: bool = True
