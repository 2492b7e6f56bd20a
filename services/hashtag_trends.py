"""Hashtags that rise, counted now and then for each window and region that is asked for."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from domain.errors import Unavailable
from domain.hashtags import LEAST_PEOPLE, burst, lift
from domain.ports.hashtags import HashtagCount, Hashtags
from domain.trending import WINDOW_SECONDS, Window
from runtime.background import Background, TooMuchInBackground
from runtime.clock import Clock
from services.behind import start_behind
from services.patience import wait_patiently

FRESH_SECONDS: Final = {Window.HOUR: 2.0, Window.DAY: 5.0, Window.WEEK: 30.0}
PATIENCE: Final = 0.15
WARM: Final = 1.0  # seconds that a start waits for each window's counts
HISTORY: Final = {Window.HOUR: 24.0, Window.DAY: 7.0, Window.WEEK: 3.0}  # windows looked back
MAX_HELD: Final = 200

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class HashtagTrend:
    name: str
    people: int
    lift: float


@dataclass(frozen=True, slots=True)
class _Held:
    at: float
    trends: Sequence[HashtagTrend]


class HashtagTrends:
    """While the source is away the last counts stay."""

    def __init__(self, source: Hashtags, background: Background, clock: Clock) -> None:
        self._source = source
        self._background = background
        self._clock = clock
        self._held: OrderedDict[tuple[Window, str | None], _Held] = OrderedDict()
        self._flights: dict[tuple[Window, str | None], asyncio.Future[None]] = {}

    async def warm(self) -> None:
        """Count worldwide ahead: whoever asks first would find nothing where that takes long."""
        for window in Window:
            await self._wait((window, None), WARM)

    async def rising(self, window: Window, region: str | None) -> Sequence[HashtagTrend]:
        """Most surprising first; of the whole world where the region has none."""
        trends = await self._of(window, region)
        return trends if trends or region is None else await self._of(window, None)

    async def _of(self, window: Window, region: str | None) -> Sequence[HashtagTrend]:
        key = (window, region)
        held = self._held.get(key)
        if held is None or self._clock.monotonic() - held.at > FRESH_SECONDS[window]:
            await self._wait(key)
        held = self._held.get(key)
        return () if held is None else held.trends

    async def _wait(self, key: tuple[Window, str | None], seconds: float = PATIENCE) -> None:
        """Of many requests that need the counts, one has them made; none waits for long."""
        flight = self._flights.get(key)
        if flight is None:
            flight = asyncio.get_running_loop().create_future()
            try:
                start_behind(self._background, "hashtags.count", self._count(key, flight))
            except TooMuchInBackground:
                return
            self._flights[key] = flight
        await wait_patiently([flight], seconds)

    async def _count(self, key: tuple[Window, str | None], flight: asyncio.Future[None]) -> None:
        window, region = key
        now, seconds = self._clock.now(), WINDOW_SECONDS[window]
        try:
            counts = await self._source.counts(
                since=now - seconds,
                until=now,
                baseline=seconds * HISTORY[window],
                region=region,
                least_people=LEAST_PEOPLE,
            )
            self._held[key] = _Held(self._clock.monotonic(), _ranked(counts, window))
            self._held.move_to_end(key)
            while len(self._held) > MAX_HELD:
                self._held.popitem(last=False)
        except Unavailable as failure:
            log.warning("hashtags.uncounted", failure=str(failure))
        finally:
            del self._flights[key]
            flight.set_result(None)


def _ranked(counts: Sequence[HashtagCount], window: Window) -> Sequence[HashtagTrend]:
    expected = {
        count.hashtag: count.baseline_people * WINDOW_SECONDS[window] / count.baseline_seconds
        for count in counts
    }
    rising = [count for count in counts if burst(count.people, expected[count.hashtag]) > 0.0]
    rising.sort(key=lambda c: (-burst(c.people, expected[c.hashtag]), c.hashtag))
    return [
        HashtagTrend(count.hashtag, count.people, lift(count.people, expected[count.hashtag]))
        for count in rising
    ]
