"""As whom a consumer reads, and what tells it that its world was exchanged."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from runtime.settings import Membership


@dataclass(frozen=True, slots=True)
class LogMark:
    """The least epoch of all logs, and what changes when the store of the fences is another."""

    epoch: int
    store: str


class LogMarks(Protocol):
    async def read(self) -> LogMark: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """``member``: the static id within the group. ``partitions``: of each topic."""

    group: str
    member: str
    partitions: Mapping[str, int]
    membership: Membership
