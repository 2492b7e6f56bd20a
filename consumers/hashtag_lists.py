"""Hashtags that rise, counted anew by the clock, one list after the other."""

from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from domain import pools
from domain.events import HashtagTrending
from domain.hashtags import LEAST_PEOPLE, burst, lift
from domain.ports.event_publisher import EventPublisher
from domain.ports.hashtags import HashtagCount, Hashtags
from domain.ports.pools import Pools, PoolWriter
from domain.trending import WINDOW_SECONDS, WINDOWS, Window
from runtime.clock import Clock

ROUND: Final = 2.0  # seconds between two lists
HISTORY: Final = {Window.HOUR: 24.0, Window.DAY: 7.0, Window.WEEK: 3.0}  # windows looked back
MAX_REGIONS: Final = 50  # the ones used in most lately
MAX_MEMBERS: Final = 200
HOUR: Final = 3_600.0


class HashtagLists:
    def __init__(
        self,
        hashtags: Hashtags,
        reader: Pools,
        writer: PoolWriter,
        publisher: EventPublisher,
        clock: Clock,
    ) -> None:
        self._hashtags = hashtags
        self._reader = reader
        self._writer = writer
        self._publisher = publisher
        self._clock = clock
        self._turns: deque[tuple[Window, str | None]] = deque()

    async def count_next(self) -> None:
        """The worldwide list of the hour, and in turn one of the others."""
        await self.count(Window.HOUR, None)
        if not self._turns:
            self._turns.extend([turn async for turn in self._others()])
        await self.count(*self._turns.popleft())

    async def _others(self) -> AsyncIterator[tuple[Window, str | None]]:
        """Worldwide lists, those of regions used in lately, and whatever else may go out of date.

        Stores tell which: what a process remembers, the one that counts after it does not know.
        """
        for window in WINDOWS:
            if window is not Window.HOUR:
                yield window, None
        since = self._clock.now() - WINDOW_SECONDS[Window.HOUR]
        regions = await self._hashtags.regions(since=since, limit=MAX_REGIONS)
        for region in regions:
            for window in WINDOWS:
                yield window, region
        left = [turn for turn in await self._held() if turn[1] not in regions]
        found = await self._reader.read([pools.hashtags(*turn) for turn in left], 1)
        for turn, members in zip(left, found, strict=True):
            if len(members.ids):
                yield turn

    async def _held(self) -> Sequence[tuple[Window, str]]:
        """The lists of regions that were ever counted."""
        names = (await self._reader.news("")).versions
        turns = [(window, region) for window in WINDOWS for region in _regions(names, window)]
        return sorted(turns, key=lambda turn: turn[1])

    async def count(self, window: Window, region: str | None) -> None:
        """Replace one list and announce the hashtags that are new in it."""
        until = self._clock.now()
        seconds = WINDOW_SECONDS[window]
        counts = await self._hashtags.counts(
            since=until - seconds,
            until=until,
            baseline=seconds * HISTORY[window],
            region=region,
            least_people=LEAST_PEOPLE,
        )
        rising = {
            one.hashtag: score
            for one in counts
            if (score := burst(one.people, _expected(one, seconds))) > 0.0
        }
        best = sorted(rising, key=lambda hashtag: (-rising[hashtag], hashtag))[:MAX_MEMBERS]
        name = pools.hashtags(window, region or pools.WORLDWIDE)
        (before,) = await self._reader.read([name], MAX_MEMBERS)
        new = set(best) - set(before.ids)
        await self._publish([one for one in counts if one.hashtag in new], window, region)
        if best != list(before.ids) or [rising[one] for one in best] != before.scores.tolist():
            await self._writer.replace(name, {hashtag: rising[hashtag] for hashtag in best})

    async def _publish(
        self, counts: Sequence[HashtagCount], window: Window, region: str | None
    ) -> None:
        until, seconds = self._clock.now(), WINDOW_SECONDS[window]
        await self._publisher.publish(
            [
                HashtagTrending(
                    hashtag=one.hashtag,
                    post_count=one.posts,
                    people=one.people,
                    velocity=one.people / (seconds / HOUR),
                    lift=lift(one.people, _expected(one, seconds)),
                    window_start=datetime.fromtimestamp(until - seconds, UTC),
                    window_end=datetime.fromtimestamp(until, UTC),
                    region=region,
                )
                for one in counts
            ]
        )


def _regions(names: Iterable[str], window: Window) -> Iterator[str]:
    prefix = pools.hashtags(window, "")
    for name in names:
        region = name.removeprefix(prefix)
        if region not in (name, pools.WORLDWIDE):
            yield region


def _expected(count: HashtagCount, seconds: float) -> float:
    """People in a usual window."""
    if count.baseline_seconds <= 0.0:
        return 0.0
    return count.baseline_people * seconds / count.baseline_seconds
