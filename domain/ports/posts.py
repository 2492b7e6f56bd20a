"""Posts: the cache of their records and PostgreSQL's view of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from domain.events import ModerationResult, PostIngested
from domain.moderation import ReviewStatus
from domain.ports.stored import Stored
from domain.posts import PostRecord


class PostRecords(Protocol):
    """Records for cards: the cache first, the projection for what is not in it."""

    async def get_many(self, ids: Sequence[str]) -> Sequence[PostRecord | None]: ...


class PostRecordCache(PostRecords, Protocol):
    async def held(self, ids: Sequence[str]) -> Sequence[PostRecord | None]:
        """What is in the cache alone."""
        ...

    async def put_many(self, records: Sequence[PostRecord]) -> None:
        """Keep each record unless a later revision is there already."""
        ...

    async def remove(self, ids: Sequence[str]) -> None: ...

    async def owe(self, ids: Sequence[str]) -> None:
        """Note that what follows from the latest change of these posts is not done yet."""
        ...

    async def owed(self, ids: Sequence[str]) -> Sequence[bool]:
        """Whether that is noted."""
        ...

    async def settle(self, ids: Sequence[str]) -> None:
        """It is done."""
        ...


@dataclass(frozen=True, slots=True)
class StoredIngestion(Stored):
    event: PostIngested


@dataclass(frozen=True, slots=True)
class StoredModeration(Stored):
    event: ModerationResult


Place: TypeAlias = tuple[float, str]
"""Where a list from newest to oldest goes on: (created_at, id) of the last post shown."""


class PostProjection(PostRecords, Protocol):
    """PostgreSQL's view of posts; every write gives the post a new revision."""

    async def ingest(self, batch: Sequence[StoredIngestion]) -> Sequence[str]:
        """Upsert guarded by event time; the ids the batch covers, changed now or earlier.

        A batch that is delivered again changes nothing and returns its ids again, so that what
        depends on them can be repeated. A deleted post keeps its id, author, time, region,
        categories and hashtags, so that it can be taken out of lists. What a deleted account
        wrote is deleted, whenever it comes. Nothing is created after it was told of.
        """
        ...

    async def withdraw(self, authors: Mapping[str, float]) -> Sequence[str]:
        """Delete all that these authors have written, as of a time each; the ids of the posts.

        Where the account is deleted, what it was told to have written since goes as well.
        Called again it names those deleted before as well.
        """
        ...

    async def moderate(self, batch: Sequence[StoredModeration]) -> Sequence[str]:
        """Keep scores and decisions, also of posts still unknown; the ids the batch covers."""
        ...

    async def newest(
        self, *, limit: int, before: Place | None = None, category: str | None = None
    ) -> Sequence[PostRecord]:
        """Recommendable posts, of one category or of all, newest first."""
        ...

    async def time_of_newest(self, number: int) -> float | None:
        """When the ``number``-th newest recommendable post was created; None of fewer."""
        ...

    async def of_creator(
        self,
        creator_id: str,
        *,
        limit: int,
        before: Place | None = None,
        statuses: Collection[ReviewStatus] = tuple(ReviewStatus),
    ) -> Sequence[PostRecord]:
        """All of these statuses but deleted ones, newest first."""
        ...
