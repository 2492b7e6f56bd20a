"""``engagement``: reactions into counters and trending lists, each record once.

Per batch: who reacted to what (PostgreSQL answers a replay as it answered at first), fold record
by record, re-key, save behind the fences, then write the lists with absolute scores and announce
what went viral. What comes after the save is kept with it and done again after a crash.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from typing_extensions import override

from consumers.batches import Batch, Fences, Handler, Received, Refused
from consumers.counting import Records, Tally, counted, may_move, reactions, tally
from consumers.owned import Owned, OwnedPartitions
from consumers.rekeying import interaction_of
from consumers.trending_lists import place
from consumers.trending_writer import Listed, TrendingWriter
from domain.engagement import EngagementState
from domain.events import EngagementUpdated, PostViral
from domain.ports.counters import CounterBatch, Counters
from domain.ports.event_publisher import EventPublisher
from domain.ports.partition_state import Crossing
from domain.ports.pools import PoolWriter
from domain.ports.posts import PostRecords
from domain.ports.reactions import Reactions
from domain.topics import ENGAGEMENT_UPDATED

MAX_STEP: Final = 10**12  # of a counter at once


class WrongDelta(Refused):
    """A person's reaction is given or taken back, once; a counter's step has a bound."""


class Engagement(Handler, Fences):
    def __init__(
        self,
        counters: Counters,
        reactions: Reactions,
        records: PostRecords,
        pools: PoolWriter,
        publisher: EventPublisher,
    ) -> None:
        self._counters = counters
        self._reactions = reactions
        self._records = records
        self._publisher = publisher
        self._partitions = OwnedPartitions(ENGAGEMENT_UPDATED.name)
        self._lists = TrendingWriter(counters, pools)
        self._unfinished: dict[int, Tally] = {}  # saved, but not in the lists yet
        self._told: set[int] = set()  # partitions that still hold crossings which were told

    @property
    @override
    def fenced_topic(self) -> str:
        return self._partitions.topic

    @override
    async def open(self, partitions: Sequence[int]) -> Mapping[int, int]:
        states = dict(zip(partitions, await self._counters.open(partitions), strict=True))
        dirty = await self._counters.load(
            {one: list(state.dirty) for one, state in states.items()}
        )
        await self._lists.write(
            {
                partition: Listed(
                    state.fence,
                    {one: dirty[one] for one in state.dirty if one in dirty},
                    state.dirty,
                )
                for partition, state in states.items()
            }
        )
        await self._tell({one: state.crossings for one, state in states.items()})
        for partition in partitions:
            self._unfinished.pop(partition, None)
        fences = self._partitions.take(states)
        await self._note_told()
        return fences

    @override
    def release(self) -> None:
        self._partitions.release()
        self._unfinished.clear()
        self._told.clear()

    @override
    def check(self, received: Received) -> None:
        event = received.event
        if not isinstance(event, EngagementUpdated):
            return
        known = event.user_id is not None
        if (known and event.delta not in (-1, 1)) or abs(event.delta) > MAX_STEP:
            raise WrongDelta

    @override
    async def apply(self, batch: Batch) -> None:
        await self._finish()
        owned = self._partitions.begin(batch)
        events = list(self._new_events(batch, owned))
        states, records = await self._load(events)
        verdicts = await self._reactions.apply(reactions(events, records))
        counting = list(counted(events, verdicts))
        again = (interaction_of(one.received, one.event) for one in counting)
        await self._publisher.publish([event for event in again if event is not None])
        tallies = tally(counting, states, records)
        for one in tallies.values():
            one.left = {
                post_id: place(one.states[post_id], records.get(post_id))
                for post_id in sorted(one.moved)
            }
        await self._save(batch, owned, tallies)
        await self._finish()

    def _new_events(
        self, batch: Batch, owned: Mapping[int, Owned]
    ) -> Iterable[tuple[Received, EngagementUpdated]]:
        for one in self._partitions.news(batch, owned):
            event = one.event
            if isinstance(event, EngagementUpdated):
                ids = owned[one.place.partition].event_ids
                if event.event_id is None or ids.remember(event.event_id):
                    yield one, event

    async def _load(
        self, events: Sequence[tuple[Received, EngagementUpdated]]
    ) -> tuple[Mapping[str, EngagementState], Records]:
        """The states of the posts, and the records of those whose lists may change."""
        posts: dict[int, dict[str, None]] = {}
        for one, event in events:
            posts.setdefault(one.place.partition, {})[event.post_id] = None
        moving = list({event.post_id: None for _, event in events if may_move(event)})
        records = await self._records.get_many(moving)
        states = await self._counters.load({one: list(ids) for one, ids in posts.items()})
        return states, dict(zip(moving, records, strict=True))

    async def _save(
        self, batch: Batch, owned: Mapping[int, Owned], tallies: Mapping[int, Tally]
    ) -> None:
        through = {where.partition: reached for where, reached in batch.through.items()}
        batches = [
            _batch(partition, state, through[partition], tallies.get(partition) or Tally())
            for partition, state in owned.items()
        ]
        saved = await self._counters.save(batches)
        lost = [one.partition for one, ok in zip(batches, saved, strict=True) if not ok]
        for one, ok in zip(batches, saved, strict=True):
            if ok:
                self._partitions.saved(one.partition, one.through)
                self._unfinished[one.partition] = tallies.get(one.partition) or Tally()
        if lost:
            raise self._partitions.lose(lost)

    async def _finish(self) -> None:
        """Bring what is saved into the lists, and tell what went viral."""
        if self._unfinished:
            fences = self._partitions.fences(self._unfinished)
            await self._lists.write(
                {
                    partition: Listed(
                        fences.get(partition),
                        {post_id: one.states[post_id] for post_id in one.left},
                        one.left,
                    )
                    for partition, one in self._unfinished.items()
                }
            )
            await self._tell({place: one.crossings for place, one in self._unfinished.items()})
            self._unfinished = {}
        await self._note_told()

    async def _tell(self, crossings: Mapping[int, Sequence[Crossing]]) -> None:
        of_all = [crossing for of_partition in crossings.values() for crossing in of_partition]
        await self._publisher.publish([_viral(crossing) for crossing in of_all])
        self._told |= {partition for partition, found in crossings.items() if found}

    async def _note_told(self) -> None:
        """Drop what was told from beside the fence: who opens the partition next repeats it not.

        Nothing is written where the fence moved: then it went with what it lay beside.
        """
        if not self._told:
            return
        fences = self._partitions.fences(self._told)
        await self._counters.save(
            [CounterBatch(one, fence, through=fence, states={}) for one, fence in fences.items()]
        )
        self._told.clear()


def _batch(partition: int, owned: Owned, through: int, tally: Tally) -> CounterBatch:
    return CounterBatch(
        partition=partition,
        fence=owned.fence,
        through=through,
        states={post_id: tally.states[post_id] for post_id in tally.kept},
        dirty=tally.left,
        crossings=tally.crossings,
        event_ids=owned.event_ids.changed(),
    )


def _viral(crossing: Crossing) -> PostViral:
    return PostViral(
        post_id=crossing.post_id,
        score=crossing.score,
        window=crossing.window,
        crossed_at=datetime.fromtimestamp(crossing.at, UTC),
    )
