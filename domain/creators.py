"""A creator as the read path knows it."""

import msgspec


class CreatorRecord(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """``top_categories`` are slugs, most posted first. Packed by position."""

    id: str
    revision: int
    handle: str
    display_name: str
    avatar_url: str | None = None
    follower_count: int | None = None
    region: str | None = None
    post_count: int = 0
    top_categories: tuple[str, ...] = ()
    deleted: bool = False
