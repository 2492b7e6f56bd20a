"""Hashtags that rise, counted anew by the clock, one list after the other."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from domain import pools
from domain.events import HashtagTrending
from domain.hashtags import LEAST_PEOPLE, burst, lift
from domain.ports import EventPublisher, HashtagCount, Hashtags, Pools, PoolWriter
from domain.trending import WINDOW_SECONDS, WINDOWS, Window
from runtime.clock import Clock

ROUND: Final = 2.0  # seconds between two lists
HISTORY: Final = {Window.HOUR: 24.0, Window.DAY: 7.0, Window.WEEK: 3.0}  # windows looked back
MAX_REGIONS: Final = 50  # the ones used in lately
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
        self._regions: OrderedDict[str, None] = OrderedDict()
        self._turn = 0

    @property
    def regions(self) -> Sequence[str]:
        """Those that were used in lately, the latest last."""
        return list(self._regions)

    def used_in(self, region: str | None) -> None:
        """Note a region whose lists are worth counting."""
        if region is None:
            return
        self._regions[region] = None
        self._regions.move_to_end(region)
        if len(self._regions) > MAX_REGIONS:
            self._regions.popitem(last=False)

    async def count_next(self) -> None:
        """The worldwide list of the hour, and in turn one of the others."""
        await self.count(Window.HOUR, None)
        others = [(window, None) for window in WINDOWS if window is not Window.HOUR]
        others += [(window, region) for region in self._regions for window in WINDOWS]
        self._turn = (self._turn + 1) % len(others)
        await self.count(*others[self._turn])

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


def _expected(count: HashtagCount, seconds: float) -> float:
    """People in a usual window; use by person and post stands for people in the long history."""
    if count.baseline_seconds <= 0.0:
        return 0.0
    return count.baseline_uses * seconds / count.baseline_seconds
