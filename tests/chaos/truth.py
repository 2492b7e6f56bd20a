"""What must be there in the end: plain folds of the log, without crash, over memory."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from consumers.batches import Place, Record
from consumers.blocks import Blocks
from consumers.handlers.engagement import Engagement
from consumers.handlers.interests import Interests, ViewerStores
from consumers.profiles import ViewerProfiles
from consumers.reading import read
from domain.events import EngagementType, EngagementUpdated
from domain.ports.posts import PostRecords
from domain.topics import ENGAGEMENT_UPDATED, USER_INTERACTION
from stores.event_codec import EventCodec, Unreadable
from tests.chaos.workload import VIEWERS
from tests.fakes.clock import FixedClock
from tests.fakes.counters import MemoryCounters
from tests.fakes.follows import MemoryFollows
from tests.fakes.interactions import MemoryInteractions
from tests.fakes.pools import MemoryPools
from tests.fakes.profiles import MemoryProfiles
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.reactions import MemoryReactions
from tests.fakes.viewer_states import MemoryViewerStates
from tests.fakes.viewers import MemoryLearnedProfiles, MemorySeen, MemoryViewers

Log = Mapping[Place, Sequence[Record]]

Totals = Counter[tuple[str, EngagementType]]
SETS = {EngagementType.LIKE, EngagementType.SAVE}
SIZE = 500  # records of a batch; any size must do


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that consumers leave behind."""

    counters: Mapping[str, bytes]
    pools: Mapping[str, Mapping[str, float]]
    reactions: set[tuple[str, str, str, int, int]]
    told_again: set[str]
    profiles: Mapping[str, bytes]
    seen: Mapping[str, bytes]
    history: set[tuple[int, int]]


async def undisturbed(log: Log, records: PostRecords, now: float) -> Outcome:
    """One life of the real handlers over stores in memory."""
    counters, reactions, pools = MemoryCounters(), MemoryReactions(), MemoryPools()
    publisher = MemoryPublisher()
    engagement = Engagement(counters, reactions, records, pools, publisher)
    await _live(engagement, _of(log, ENGAGEMENT_UPDATED.name), now)
    profiles, seen, history = MemoryLearnedProfiles(), MemorySeen(), MemoryInteractions()
    viewers = ViewerStores(
        profiles=ViewerProfiles(profiles, MemoryProfiles()),
        states=MemoryViewers(FixedClock()),
        seen=seen,
        interactions=history,
    )
    states = MemoryViewerStates()
    follows = MemoryFollows()
    blocks = Blocks(follows, MemoryViewers(FixedClock()), states)
    interests = Interests(viewers, records, publisher, follows, blocks)
    await _live(interests, _of(log, USER_INTERACTION.name), now)
    events = [getattr(event, "event_id", None) for event in publisher.events]
    return Outcome(
        counters=counters.packed,
        pools={name: members for name, members in pools.members.items() if members},
        reactions={
            (user, post, kind, state.count, state.last)
            for (user, post, kind), state in reactions.states.items()
            if state.last >= 0
        },
        told_again={one for one in events if one},
        profiles={one: profiles.packed[one] for one in VIEWERS if one in profiles.packed},
        seen=seen.packed,
        history={(row.partition, row.sequence) for row in history.rows},
    )


def totals(log: Log) -> Totals:
    """What people and counters add up to, told without any code of the product but its types."""
    found = Totals()
    holding: Counter[tuple[str, str, EngagementType]] = Counter()
    known: set[str] = set()
    attributed: set[tuple[str, str, EngagementType]] = set()
    for event in _engagement_of(log):
        if event.event_id in known:
            continue
        known.add(event.event_id or "")
        key = (event.user_id or "", event.post_id, event.type)
        reacted = event.user_id is not None and event.type is not EngagementType.VIEW
        if reacted and event.delta < 0 and not holding[key]:
            continue
        if reacted and event.delta > 0 and event.type in SETS and holding[key]:
            continue
        served = (event.event_id or "").startswith(">i:") and event.type not in SETS
        if served and key in attributed:
            continue
        attributed |= {key} if served else set()
        holding[key] += event.delta
        found[event.post_id, event.type] += event.delta
    return _without_zeros(found)


def _engagement_of(log: Log) -> Iterator[EngagementUpdated]:
    codec = EventCodec()
    for records in _of(log, ENGAGEMENT_UPDATED.name).values():
        for record in records:
            try:
                event = codec.decode(ENGAGEMENT_UPDATED.name, record.value)
            except Unreadable:
                continue
            assert isinstance(event, EngagementUpdated)
            yield event


def unpacked_totals(counters: Mapping[str, bytes]) -> Totals:
    """The same as stored by the product: the first six numbers of a state."""
    kinds = list(EngagementType)
    states = {post_id: msgspec.msgpack.decode(packed) for post_id, packed in counters.items()}
    return _without_zeros(
        Totals(
            {
                (post_id, kind): state[place]
                for post_id, state in states.items()
                for place, kind in enumerate(kinds)
            }
        )
    )


def _without_zeros(counted: Totals) -> Totals:
    return Totals({key: value for key, value in counted.items() if value})


def _of(log: Log, topic: str) -> Log:
    return {place: records for place, records in log.items() if place.topic == topic}


async def _live(handler: Engagement | Interests, log: Log, now: float) -> None:
    codec = EventCodec()
    await handler.open([place.partition for place in log])
    for records in log.values():
        for first in range(0, len(records), SIZE):
            batch, _ = read(records[first : first + SIZE], codec, handler, now)
            await handler.apply(batch)
