"""A store that lets requests wait, so that a process is as full as it may be."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from typing_extensions import override

from domain.ports.viewers import Charge, ViewerReads
from server.caller import Caller
from server.load_gate import MOST
from tests.server.toy_app import StoreAway


@dataclass
class Held(StoreAway):
    """Answers nobody before it is told to; `full` is set when it is asked by as many as may."""

    full: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    @override
    async def __call__(
        self, caller: Caller, charge: Charge, cursors: Sequence[str]
    ) -> ViewerReads:
        reads = await super().__call__(caller, charge, cursors)
        if len(self.begun) >= MOST:
            self.full.set()
        await self.released.wait()
        return reads
