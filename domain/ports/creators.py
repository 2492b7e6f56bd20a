"""Creators: the cache of their records and PostgreSQL's view of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.creators import CreatorRecord
from domain.events import UserUpdated
from domain.ports.stored import Stored


@dataclass(frozen=True, slots=True)
class StoredUser(Stored):
    event: UserUpdated


class CreatorRecords(Protocol):
    async def get_many(self, ids: Sequence[str]) -> Sequence[CreatorRecord | None]: ...
    async def by_handle(self, handle: str) -> CreatorRecord | None:
        """By the whole handle, in any case of letters."""
        ...


class CreatorRecordCache(CreatorRecords, Protocol):
    async def put_many(self, records: Sequence[CreatorRecord]) -> None:
        """Keep each record unless a later revision is there already."""
        ...


class CreatorProjection(CreatorRecords, Protocol):
    """PostgreSQL's view of creators; an author has one as soon as a post is known."""

    async def update(self, batch: Sequence[StoredUser]) -> Sequence[str]:
        """Upsert guarded by event time; the ids the batch covers, changed now or earlier."""
        ...
