"""Work that one process at a time does."""

from typing import Protocol


class Leases(Protocol):
    async def take(self, name: str, holder: str, seconds: float) -> bool:
        """Whether the lease is the holder's now: it was free, or the holder's already."""
        ...

    async def give_back(self, name: str, holder: str) -> None: ...
