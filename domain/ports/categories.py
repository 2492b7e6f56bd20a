"""The categories that posts may have."""

from collections.abc import Sequence
from typing import Protocol

from domain.categories import CategoryRecord


class Categories(Protocol):
    async def all(self) -> Sequence[CategoryRecord]:
        """The active ones in display order; of those that events named, only what has posts."""
        ...

    async def get_many(self, slugs: Sequence[str]) -> Sequence[CategoryRecord | None]:
        """Inactive ones too."""
        ...

    async def upsert(self, category: CategoryRecord) -> CategoryRecord: ...
