"""What search finds, as it is written."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from domain.creators import CreatorRecord
from domain.posts import PostRecord


class SearchIndex(Protocol):
    async def index_posts(self, records: Sequence[PostRecord]) -> None:
        """Put or remove by ``recommendable``, with the revision as external version."""
        ...

    async def leave_out(self, records: Sequence[PostRecord]) -> None:
        """Remove these posts, whatever they are; the revision is their version, too."""
        ...

    async def index_creators(self, records: Sequence[CreatorRecord]) -> None: ...
    async def index_hashtags(self, post_counts: Mapping[str, int]) -> None: ...
    async def is_empty(self) -> bool: ...
