"""What lists are made of before any pool has come: snapshots, and at last the static list.

Their posts are taken into the table and their lists into the pool cache, so that everything that
is ranked and checked elsewhere is ranked and checked here, too.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, Protocol

import numpy as np
import structlog

from domain.errors import Unavailable
from domain.feed import CandidateSource, Freshness
from domain.ports.snapshots import Snapshot, Snapshots
from runtime.background import Background, TooMuchInBackground
from runtime.clock import Clock
from services.behind import start_behind
from services.category_catalog import CategoryCatalog
from services.held_pools import BASE
from services.patience import wait_patiently
from services.pool_cache import PoolCache
from services.sources import Draw

AGAIN_SECONDS: Final = 5.0
PATIENCE: Final = 0.12  # seconds that a request waits for a first snapshot
MEMBERS: Final = 200
_SOURCES: Final = {
    Freshness.SNAPSHOT: CandidateSource.SNAPSHOT,
    Freshness.STATIC: CandidateSource.STATIC,
}

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class StaticLists(Protocol):
    """Lists in a file that comes with the process; reading it takes no engine."""

    def read(self) -> Sequence[Snapshot]: ...


class Fallback:
    def __init__(
        self,
        cache: PoolCache,
        categories: CategoryCatalog,
        snapshots: Snapshots,
        static: StaticLists,
        background: Background,
        clock: Clock,
    ) -> None:
        self._cache = cache
        self._categories = categories
        self._snapshots = snapshots
        self._static = static
        self._background = background
        self._clock = clock
        self._level: Freshness | None = None
        self._looked_at = -np.inf
        self._flight: asyncio.Future[None] | None = None

    @property
    def serving(self) -> Freshness | None:
        """What lists are made of now; None where pools came."""
        return None if self._cache.is_ready else self._level or Freshness.STATIC

    async def level(self) -> Freshness | None:
        """The same, after looking for what there is, not for long."""
        if self._cache.is_ready:
            return None
        if self._clock.monotonic() - self._looked_at > AGAIN_SECONDS:
            await self._look()
        return self.serving

    def draws(self, names: Sequence[str]) -> Sequence[Draw]:
        """What to draw from these lists instead of from others."""
        source = _SOURCES[self._level or Freshness.STATIC]
        return [Draw(source, name, MEMBERS) for name in names]

    async def _look(self) -> None:
        """Of many requests that need it, one looks."""
        if self._flight is None:
            flight: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            try:
                start_behind(self._background, "fallback.look", self._load(flight))
            except TooMuchInBackground:
                return
            self._flight = flight
        await wait_patiently([self._flight], PATIENCE)

    async def _load(self, flight: asyncio.Future[None]) -> None:
        try:
            found = await self._read()
            self._looked_at = self._clock.monotonic()
            records = [record for snapshot in found for record in snapshot.records]
            for snapshot in found:
                self._cache.adopt(snapshot)
            self._categories.adopt(
                category.slug for record in records for category in record.categories
            )
            log.warning("feed.degraded", level=self._level, lists=len(found))
            authors = {record.author_id for record in records}
            with suppress(Unavailable):  # else they go by their ids
                await self._cache.catalog.creators.load(authors)
        finally:
            self._flight = None
            flight.set_result(None)

    async def _read(self) -> Sequence[Snapshot]:
        try:
            found = [one for one in await self._snapshots.read(BASE) if one is not None]
        except Unavailable as failure:
            log.warning("snapshots.unavailable", failure=str(failure))
            found = []
        if found:
            self._level = Freshness.SNAPSHOT
            return found
        if self._level is None:
            self._level = Freshness.STATIC
            return self._static.read()
        return []
