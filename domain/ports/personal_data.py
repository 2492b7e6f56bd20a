"""What the stores hold of a person, to be found and erased."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.events import EngagementType


@dataclass(frozen=True, slots=True)
class StandingReaction:
    """A person's reactions of one type to a post; ``last`` is their latest record's sequence."""

    post_id: str
    type: EngagementType
    count: int
    last: int


class PersonalData(Protocol):
    """One store's places where a person's id may live (``stores.personal_places``)."""

    @property
    def store(self) -> str: ...
    async def erase(self, subject: str) -> int:
        """Erase all but reactions, which must leave the counts before; how many things."""
        ...

    async def find(self, subject: str) -> Collection[str]:
        """The places that still name the person."""
        ...


class PersonalReactions(Protocol):
    async def standing(self, subject: str, limit: int) -> Sequence[StandingReaction]:
        """Reactions that count at present."""
        ...

    async def last_sequences(self, subject: str) -> Mapping[str, int]:
        """The sequence of the person's latest record by post, whether or not it still counts."""
        ...

    async def erase_reactions(self, subject: str) -> int: ...
