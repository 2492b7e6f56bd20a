"""The erasure of all that is held about a person: its receipt, its phases, its tombstone.

While it is under way, and for whatever was done before it was complete, consumers skip what the
person did: records that Kafka still keeps bring nothing back. What the same person does later is
the beginning of somebody new.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Final, Protocol

from domain.events import EngagementType

MARK: Final = ">x:"  # begins the id of an event that takes a reaction of an erased person back


class Phase(StrEnum):
    """What an erasure that is under way waits for."""

    ASKED = "ASKED"  # until every consumer knows of it
    TAKING_BACK = "TAKING_BACK"  # until the person's reactions have left the counts
    COUNTED = "COUNTED"  # until whatever was on its way has arrived


@dataclass(frozen=True, slots=True)
class Erasure:
    """The receipt. Times are in epoch seconds; ``stores`` tells how many things went, by store."""

    id: str
    requested_at: float
    completed_at: float | None = None
    stores: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class ErasureUnderWay:
    """``since`` is when the phase began."""

    id: str
    subject: str
    requested_at: float
    phase: Phase
    since: float


@dataclass(frozen=True, slots=True)
class Tombstone:
    """All that a person did up to ``until`` is to be forgotten; None: up to now."""

    subject_hash: bytes
    until: float | None
    changed_at: float


@dataclass(frozen=True, slots=True)
class StandingReaction:
    """A person's reactions of one type to a post; ``last`` is their latest record's sequence."""

    post_id: str
    type: EngagementType
    count: int
    last: int


class Erasures(Protocol):
    async def request(self, subject: str, at: float) -> Erasure:
        """The erasure of a person that is under way; it begins where there is none."""
        ...

    async def latest(self, subject: str) -> Erasure | None: ...
    async def under_way(self, limit: int) -> Sequence[ErasureUnderWay]:
        """The oldest first."""
        ...

    async def enter(
        self, erasure_id: str, phase: Phase, erased: Mapping[str, int], *, at: float
    ) -> None:
        """Begin a phase, and add what was erased so far to the receipt."""
        ...

    async def complete(self, erasure_id: str, at: float, erased: Mapping[str, int]) -> None:
        """Write the receipt's end and forget whose erasure it was."""
        ...

    async def tombstones(self, since: float) -> Sequence[Tombstone]:
        """Those that changed at or after a time."""
        ...


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


def subject_hash(subject: str) -> bytes:
    return sha256(subject.encode()).digest()
