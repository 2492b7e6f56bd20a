"""Rows of the five kinds of files as checked values. Times are epoch seconds of the source."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

import msgspec

from importer.files import Kind
from importer.identifiers import source_of

Count = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
Created = Annotated[datetime, msgspec.Meta(tz=True)]


class UserRow(msgspec.Struct, frozen=True):
    user_id: str
    name: str
    followers: int | None


class PostRow(msgspec.Struct, frozen=True):
    """A line of the common post schema; counts are the last ones seen."""

    id: str
    created_at: Created
    author: str | None = None
    title: str | None = None
    text: str | None = None
    tags: list[str] | None = None
    category: str | None = None
    regions: list[str] | None = None
    lang: str | None = None
    url: str | None = None
    nsfw: bool | None = None
    likes: Count | None = None
    comments: Count | None = None
    views: Count | None = None


class FollowRow(msgspec.Struct, frozen=True):
    at: float
    follower_id: str
    followee_id: str


class InteractionRow(msgspec.Struct, frozen=True):
    """`user_id` is empty where the source does not tell who it was."""

    at: float
    user_id: str
    post_id: str
    type: str


class ObservationRow(msgspec.Struct, frozen=True):
    """Counts of a post at a moment; None where not observed. `region` may be empty."""

    at: float
    post_id: str
    region: str
    likes: int | None
    comments: int | None
    views: int | None


Row = UserRow | PostRow | FollowRow | InteractionRow | ObservationRow
ROW_OF: Final[Mapping[Kind, type[Row]]] = {
    Kind.USERS: UserRow,
    Kind.POSTS: PostRow,
    Kind.FOLLOWS: FollowRow,
    Kind.INTERACTIONS: InteractionRow,
    Kind.OBSERVATIONS: ObservationRow,
}


def source_of_row(row: Row) -> str:
    """The source whose clock a row lives by."""
    match row:
        case PostRow():
            return source_of(row.id)
        case FollowRow():
            return source_of(row.follower_id)
        case InteractionRow() | ObservationRow():
            return source_of(row.post_id)
        case UserRow():
            return source_of(row.user_id)


def time_of(row: Row) -> float | None:
    """When a row's fact was, by its source's clock; None for users, who have no time."""
    match row:
        case PostRow():
            return row.created_at.timestamp()
        case UserRow():
            return None
        case _:
            return row.at
