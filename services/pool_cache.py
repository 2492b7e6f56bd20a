"""Shared pools as columns in this process, kept current in the background.

Every round reads, in one call, the versions of all pools and what changed since the last round.
The base pools, and those that requests used lately, are read again when their version moved.
When the store is away the last columns stay: requests go on with them and say how old they are.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import structlog

from domain import pools
from domain.errors import Unavailable
from domain.ports.pools import News, PoolMembers, Pools
from domain.ports.snapshots import Snapshot
from domain.ranking.candidates import Floats
from domain.trending import Window
from runtime.background import Background, TooMuchInBackground
from runtime.clock import Clock
from runtime.metrics import Metrics
from services.behind import start_behind
from services.held_pools import BASE, MAX_HELD, HeldPools, Listing, Pool
from services.lack import Lack
from services.patience import wait_patiently
from services.post_catalog import PostCatalog

POLL_SECONDS: Final = 0.2
MEMBERS: Final = 500  # read of each pool
IN_USE_SECONDS: Final = 10.0  # a pool used this lately is kept current in the background
PATIENCE: Final = 0.1  # seconds that a request waits for a pool that is not here
STALE_SECONDS: Final = 30.0  # from this age on what is held is called old
SWEEP_ROUNDS: Final = 50  # in which the counts of all posts are read once
ADOPTED: Final = -2  # the version of a list that is no pool's
LISTINGS: Final = ("creators:", "hashtags:")

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class PoolCache:
    def __init__(
        self,
        source: Pools,
        catalog: PostCatalog,
        background: Background,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self.catalog = catalog
        self.metrics = metrics
        self._source = source
        self._background = background
        self._clock = clock
        self._held = HeldPools()
        self._used_at: OrderedDict[str, float] = OrderedDict()
        self._flights: dict[str, asyncio.Future[None]] = {}
        self._versions: dict[str, int] = {}
        self._position = ""
        self._changes = 0
        self._is_unsure = False  # of posts from before the first news: none told of those
        self._heard_at = -np.inf
        self._failing = False

    @property
    def is_ready(self) -> bool:
        """Whether the first pools ever came."""
        return self._heard_at > -np.inf

    @property
    def changes(self) -> int:
        """How many rounds brought news of any pool, post or creator."""
        return self._changes

    @property
    def is_failing(self) -> bool:
        """Whether the last round found the store away."""
        return self._failing

    @property
    def age(self) -> float:
        """Seconds since the pools were last known to be current; infinite before the first."""
        return self._clock.monotonic() - self._heard_at

    def start(self, periodic: Background) -> None:
        periodic.repeat("pools.poll", POLL_SECONDS, self._round)

    def pool(self, name: str) -> Pool:
        """A pool of posts as it is here, empty where it is not."""
        return self._held.pool(name)

    def trend_scores(self, window: Window) -> Floats:
        """Pool scores by row of the present table, worldwide; minus infinity where none trends."""
        return self._held.trend_scores(window, self.catalog.table.columns.capacity)

    def listing(self, name: str) -> Listing | None:
        return self._held.listing(name)

    def adopt(self, snapshot: Snapshot) -> None:
        """Hold a materialized list until its pool is read; it is too late once pools came."""
        if self.is_ready:
            return
        self._is_unsure = True
        rows = [self.catalog.table.put(record) for record in snapshot.records]
        columns = np.array(rows, dtype=np.int32), np.asarray(snapshot.scores, dtype=np.float64)
        self._held.hold(snapshot.name, Pool(ADOPTED, *columns, read_at=-np.inf))

    def in_use(self) -> list[str]:
        """The base pools and those that requests used lately."""
        now = self._clock.monotonic()
        lately = [name for name, at in self._used_at.items() if now - at <= IN_USE_SECONDS]
        return list(dict.fromkeys([*BASE, *lately]))

    async def require(
        self, names: Iterable[str], *, max_age: float | None = None
    ) -> Mapping[str, Lack]:
        """Wait, not for long, until these pools are here and current; which are not, or are old.

        Of many requests that miss a pool, one reads it. ``max_age`` is for pools without a
        version, in place of ``pools.current_seconds``.
        """
        now = self._clock.monotonic()
        used = self._use(names, now)
        lacking = [name for name in used if not self._is_current(name, now, max_age)]
        requests = self.metrics.cache_requests
        requests.labels("pools", "hit").inc(len(used) - len(lacking))
        if not lacking:
            return {}
        # While the store is known to be away nobody waits for it.
        flights = set[asyncio.Future[None]]() if self._failing else self._fly(lacking)
        if flights:
            await wait_patiently(flights, PATIENCE)
        absent = sum(name not in self._held for name in lacking)
        requests.labels("pools", "miss").inc(len(lacking) - absent)
        requests.labels("pools", "error").inc(absent)
        lacks = {name: self._lack(name) for name in lacking}
        return {name: lack for name, lack in lacks.items() if lack is not None}

    async def warm(self, names: Sequence[str]) -> None:
        """Read pools ahead, one after the other, so that no request waits for their posts.

        Raises:
            Unavailable: the store did not answer.

        """
        for name in names:
            if name in self._versions and name not in self._held:
                self._versions.update(await self._read([name]))

    async def poll(self) -> None:
        """One round; a store that does not answer leaves all as it is.

        Raises:
            Unavailable: it did not answer.

        """
        news = await self._source.news(self._position)
        if self._versions and not news.versions:
            # A store that came back empty is being filled again; what is here is better.
            raise Unavailable("redis", "the pools are gone")
        if not self.is_ready and len(self.catalog.table):
            self._is_unsure = True
        await self._apply(news)
        read = await self._read(self._outdated(news.versions))
        while self._is_unsure:
            self._is_unsure = False
            await self.catalog.reload()
        self._changes += self._versions != news.versions or self._position != news.position
        self._versions = {**news.versions, **read}
        self._position = news.position
        self._heard_at = self._clock.monotonic()
        if self.catalog.is_full:
            self._compact()
        await self.catalog.sweep_stats(SWEEP_ROUNDS)

    async def _round(self) -> None:
        try:
            await self.poll()
        except Unavailable as failure:
            if not self._failing:
                log.warning("pools.unavailable", failure=str(failure))
            self._failing = True
        else:
            if self._failing:
                log.info("pools.recovered")
            self._failing = False

    def _outdated(self, versions: Mapping[str, int]) -> list[str]:
        """The pools in use that are to be read in this round."""
        now = self._clock.monotonic()
        return [
            name
            for name in self.in_use()
            if (
                versions.get(name, self._held.version(name)) != self._held.version(name)
                if pools.is_versioned(name)
                else name in self._held
                and now - self._held.read_at(name) > pools.current_seconds(name) / 2
            )
        ]

    async def _apply(self, news: News) -> None:
        if news.missed:
            await self.catalog.reload()
            return
        await self.catalog.refresh(news.posts)
        await self.catalog.creators.refresh(news.creators)

    def _use(self, names: Iterable[str], now: float) -> list[str]:
        """Note the use; the names once each."""
        used = list(dict.fromkeys(names))
        for name in used:
            self._used_at[name] = now
            self._used_at.move_to_end(name)
            self._held.use(name)
        while len(self._used_at) > MAX_HELD:
            self._used_at.popitem(last=False)
        return used

    def _is_current(self, name: str, now: float, max_age: float | None) -> bool:
        if pools.is_versioned(name):
            # A pool without a version was never written: there is nothing to read.
            version = self._versions.get(name)
            return self.is_ready if version is None else version == self._held.version(name)
        longest = pools.current_seconds(name) if max_age is None else max_age
        return now - self._held.read_at(name) <= longest

    def _lack(self, name: str) -> Lack | None:
        """What is wrong with a pool that was not current before it was waited for."""
        if name not in self._held:
            return Lack.TIMEOUT if name in self._flights else Lack.UNAVAILABLE
        old = self._clock.monotonic() - self._held.read_at(name) > STALE_SECONDS
        return Lack.STALE if old else None

    def _fly(self, names: Sequence[str]) -> set[asyncio.Future[None]]:
        """The readings that bring these pools, one more started for those not on their way."""
        grounded = [name for name in names if name not in self._flights]
        if grounded:
            flight: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            try:
                start_behind(self._background, "pools.load", self._bring(grounded, flight))
            except TooMuchInBackground:
                return set()
            self._flights.update(dict.fromkeys(grounded, flight))
        return {self._flights[name] for name in names}

    async def _bring(self, names: Sequence[str], flight: asyncio.Future[None]) -> None:
        try:
            self._versions.update(await self._read(names))
        except Unavailable as failure:
            log.warning("pools.unread", pools=names, failure=str(failure))
        finally:
            for name in names:
                del self._flights[name]
            flight.set_result(None)

    async def _read(self, names: Sequence[str]) -> Mapping[str, int]:
        """Read pools and take them in; their versions."""
        if not names:
            return {}
        found = await self._source.read(names, MEMBERS)
        for name, members in zip(names, found, strict=True):
            await self._admit(name, members)
        return {name: members.version for name, members in zip(names, found, strict=True)}

    async def _admit(self, name: str, members: PoolMembers) -> None:
        if name.startswith(LISTINGS):
            read_at = self._clock.monotonic()
            self._held.hold(name, Listing(members.version, members.ids, members.scores, read_at))
            return
        before = self._scores(name)
        moved = [
            one
            for one, score in zip(members.ids, members.scores.tolist(), strict=True)
            if before.get(one) != score
        ]
        table = self.catalog.table
        await self.catalog.refresh_stats([one for one in moved if table.row(one) >= 0])
        await self.catalog.load(members.ids)
        table = self.catalog.table
        table.note_moved(moved, self._clock.now())
        rows = table.rows(members.ids)
        known = rows >= 0
        scores = np.asarray(members.scores, dtype=np.float64)[known]
        self._held.hold(
            name, Pool(members.version, rows[known], scores, read_at=self._clock.monotonic())
        )

    def _scores(self, name: str) -> Mapping[str, float]:
        """The members of a pool as it is here."""
        held = self.pool(name)
        return dict(zip(self.catalog.table.ids(held.rows), held.scores.tolist(), strict=True))

    def _compact(self) -> None:
        members = self._held.members(len(self.catalog.table))
        self._held.renumber(self.catalog.compact(members))
