"""What viewers have seen."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol


class SeenFilters(Protocol):
    """Packed filters of what viewers have seen (``domain.seen``); one writer per viewer."""

    async def load(self, viewer_ids: Sequence[str]) -> Mapping[str, bytes]: ...
    async def put(
        self, filters: Mapping[str, bytes], *, loaded: Mapping[str, bytes]
    ) -> Collection[str]:
        """Store filters, but those that are not as they were ``loaded``; the viewers of these."""
        ...
