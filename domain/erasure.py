"""The erasure of all that is held about a person: its receipt, its phases, its tombstone.

While it is under way, and for whatever was done before it was complete, consumers skip what the
person did: records that Kafka still keeps bring nothing back. What the same person does later is
the beginning of somebody new.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Final

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


def subject_hash(subject: str) -> bytes:
    return sha256(subject.encode()).digest()
