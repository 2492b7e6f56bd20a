"""What a consumer gets from Kafka, and what its handler gets from it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from domain.errors import DomainError
from domain.events import Event


class Place(NamedTuple):
    """A partition of a topic."""

    topic: str
    partition: int


class Record(NamedTuple):
    """A record as it lies in the log; ``timestamp`` is Kafka's, in milliseconds.

    ``only_for`` names the consumer that it was put back for; the others have applied it.
    """

    place: Place
    offset: int
    sequence: int
    timestamp: int
    timestamp_type: int
    key: bytes | None
    value: bytes | None
    only_for: str | None = None


class Received(NamedTuple):
    """An event with its place in the log.

    ``at`` is its own time in epoch seconds, where it has one, else that of its record: never in
    the future, never before 1970.
    """

    place: Place
    sequence: int
    at: float
    event: Event


@dataclass(frozen=True, slots=True)
class Batch:
    """Events in the order of each log; ``through`` is the last sequence of each partition.

    ``through`` counts records that became dead letters, too.
    """

    received: Sequence[Received]
    through: Mapping[Place, int]


class Reason(StrEnum):
    """Why a record can never succeed."""

    UNREADABLE = "unreadable"
    REJECTED = "rejected"
    STALE = "stale"


class Refused(DomainError):
    """A readable event that breaks a rule of the contract; the text holds no values."""


class FenceMoved(DomainError):
    """Somebody else wrote these partitions, or their store lost its tail.

    Nothing, or only a part, of the batch is applied, of any partition: read all of it again.
    """

    def __init__(self, places: Collection[Place]) -> None:
        super().__init__("the fence is not where the batch started from")
        self.places = tuple(places)


class Handler(Protocol):
    """What a consumer does with a batch. Everything it does may be done again."""

    def check(self, received: Received) -> None:
        """Refuse what can never be applied.

        Raises:
            Refused: becomes a dead letter.

        """
        ...

    async def apply(self, batch: Batch) -> None:
        """Take effect.

        Raises:
            Unavailable: a store is away; the batch comes again.
            FenceMoved: all partitions of the batch are read again from their fences.

        """
        ...


class Fences(Protocol):
    """How far into the partitions of one topic the effects of a consumer reach."""

    @property
    def fenced_topic(self) -> str: ...
    async def open(self, partitions: Sequence[int]) -> Mapping[int, int]:
        """Take over partitions: finish what a crash left undone, and tell their fences."""
        ...

    def release(self) -> None:
        """Own nothing any more: others may."""
        ...
