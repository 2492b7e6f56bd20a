"""Who follows and who blocks whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.ports.stored import Stored


@dataclass(frozen=True, slots=True)
class StoredRelation(Stored):
    """From ``at`` on, ``user_id`` follows (or blocks) ``target_id``, or no longer does."""

    user_id: str
    target_id: str
    active: bool


class Follows(Protocol):
    """Who follows and who blocks whom, guarded by event time.

    Of each relation of a batch they tell whether it is as the batch says, now that all is known.
    """

    async def follow(self, batch: Sequence[StoredRelation]) -> Sequence[bool]: ...
    async def block(self, batch: Sequence[StoredRelation]) -> Sequence[bool]: ...
    async def followed_by(self, user_id: str) -> Sequence[str]:
        """Latest first."""
        ...

    async def followed_among(self, user_id: str, target_ids: Sequence[str]) -> Sequence[str]:
        """Those of the targets that the user follows, in any order."""
        ...

    async def blocked_by(self, user_id: str) -> Sequence[str]:
        """Latest first."""
        ...

    async def pairs(self, *, limit: int) -> Sequence[tuple[str, str]]:
        """Who follows whom, the latest first."""
        ...
