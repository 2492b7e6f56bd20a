"""Creators whose posts on show changed: counted again soon, many changes at once.

Counting takes as long as a creator has posts, and an import changes a creator's again and again:
so it is done by the clock, not with each batch. What a crash loses, the creator's next change or
the end of the cached record's life brings.
"""

from collections.abc import Iterable
from typing import Final

from consumers.creator_changes import CreatorChanges
from consumers.periodic import Periodic

ROUND: Final = 0.5  # seconds
CHUNK: Final = 50  # creators of one reading


class CreatorCounts:
    def __init__(self, changes: CreatorChanges) -> None:
        self._changes = changes
        self._owed: dict[str, None] = {}

    @property
    def periodic(self) -> Periodic:
        return Periodic("creators.count", ROUND, self.work_off)

    def note(self, creator_ids: Iterable[str]) -> None:
        self._owed.update(dict.fromkeys(creator_ids))

    async def work_off(self) -> None:
        """Refresh those that were noted until now; where that fails they stay noted."""
        owed = list(self._owed)
        for first in range(0, len(owed), CHUNK):
            chunk = owed[first : first + CHUNK]
            for creator_id in chunk:  # what is noted while it is read is read again
                self._owed.pop(creator_id, None)
            try:
                await self._changes.follow(chunk)
            except BaseException:
                self.note(chunk)
                raise
