"""Creators by how much their posts are rising, in all categories and in each one."""

from collections.abc import Mapping, Sequence
from typing import Final

from consumers.creator_changes import CreatorChanges
from domain import pools
from domain.ports.pools import PoolMembers, Pools, PoolWriter
from domain.ports.posts import PostRecords
from domain.posts import PostRecord
from domain.trending import HALF_LIFE, Window, current_score, pool_score
from runtime.clock import Clock

WINDOW: Final = Window.WEEK  # creators rise more slowly than posts
MEMBERS: Final = 1_000  # trending posts that are looked at
BEST_POSTS: Final = 3  # of a creator; more would reward quantity
MAX_CREATORS: Final = 200  # of a list


class RisingCreators:
    def __init__(
        self,
        reader: Pools,
        writer: PoolWriter,
        records: PostRecords,
        creators: CreatorChanges,
        clock: Clock,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._records = records
        self._creators = creators
        self._clock = clock
        self._written: dict[str, Mapping[str, float]] = {}

    async def derive(self) -> None:
        """Replace the lists that changed, and refresh what is known of creators new in them."""
        (members,) = await self._reader.read([pools.trending_worldwide(WINDOW)], MEMBERS)
        records = await self._records.get_many(members.ids)
        lists = _lists(members, records, self._clock.now())
        known = self._written.get(pools.creators(), {})
        new = [creator for creator in lists.get(pools.creators(), {}) if creator not in known]
        if new:
            await self._creators.follow(new)
        for name in sorted({*lists, *self._written}):
            if lists.get(name, {}) != self._written.get(name):
                await self._writer.replace(name, lists.get(name, {}))
        self._written = {name: members for name, members in lists.items() if members}


def _lists(
    members: PoolMembers, records: Sequence[PostRecord | None], now: float
) -> dict[str, Mapping[str, float]]:
    """Scores of creators by list, in the form that does not age."""
    values: dict[str, dict[str, list[float]]] = {}
    half_life = HALF_LIFE[WINDOW]
    for score, record in zip(members.scores.tolist(), records, strict=True):
        if record is None or not record.recommendable:
            continue
        value = current_score(score, now, half_life)
        for name in _names(record):
            values.setdefault(name, {}).setdefault(record.author_id, []).append(value)
    return {name: _scores(by_creator, now, half_life) for name, by_creator in values.items()}


def _names(record: PostRecord) -> Sequence[str]:
    own = (pools.creators(record.category),) if record.category else ()
    return (pools.creators(), *own)


def _scores(values: Mapping[str, list[float]], now: float, half_life: float) -> dict[str, float]:
    # Best first is the order in which a creator's values came.
    sums = {creator: sum(found[:BEST_POSTS]) for creator, found in values.items()}
    usable = {creator: value for creator, value in sums.items() if value > 0.0}
    best = sorted(usable, key=lambda creator: (-usable[creator], creator))[:MAX_CREATORS]
    return {creator: round(pool_score(usable[creator], now, half_life), 6) for creator in best}
