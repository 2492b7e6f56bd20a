"""Pools are cut to their size now and then, not at every write."""

from collections.abc import Sequence
from typing import Final

from domain.pools import WORLDWIDE
from domain.ports.pools import PoolWrite, PoolWriter

WRITES_BETWEEN: Final = 200  # members put into a pool before it is looked at again
KEPT_SHARED: Final = 2_000
KEPT: Final = 1_000
MAX_COUNTED: Final = 10_000  # pools whose writes are counted


class Trimming:
    def __init__(self, pools: PoolWriter) -> None:
        self._pools = pools
        self._written: dict[str, int] = {}

    async def after(self, writes: Sequence[PoolWrite]) -> None:
        """Count what was written and trim the pools that grew enough."""
        for write in writes:
            if not write.put:
                continue
            written = self._written.get(write.name, 0) + len(write.put)
            if written > WRITES_BETWEEN:
                await self._pools.trim(write.name, kept(write.name))
                written = 0
            self._written[write.name] = written
        if len(self._written) > MAX_COUNTED:
            self._written.clear()  # the rarely written ones are looked at a little later


def kept(name: str) -> int:
    """How many members a pool is cut to."""
    return KEPT_SHARED if name.endswith((f":{WORLDWIDE}", ":all")) else KEPT
