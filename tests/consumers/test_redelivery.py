"""Batches delivered twice, partitions in any order, other batches: the same to the last byte."""

from random import Random

import msgspec

from consumers.batches import Place, Record
from consumers.handlers.engagement import Engagement
from consumers.reading import read
from domain.events import UserInteraction
from domain.ports.posts import PostRecords
from domain.topics import ENGAGEMENT_UPDATED
from stores.event_codec import EventCodec
from stores.partitions import partitions_of
from tests.chaos.workload import KNOWN, Workload
from tests.contracts.events import ingestion, moderation
from tests.fakes.counters import MemoryCounters
from tests.fakes.pools import MemoryPools
from tests.fakes.posts import MemoryPosts
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.reactions import MemoryReactions
from tests.fakes.records import MemoryPostRecords

NOW = 1_790_000_000.0
PARTITIONS = 8
EVENTS = 2_000


def log(seed: int) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = {number: [] for number in range(PARTITIONS)}
    for one in Workload(seed, NOW).chunk(EVENTS):
        if one.topic != ENGAGEMENT_UPDATED.name:
            continue
        (partition,) = partitions_of([one.key or b""], PARTITIONS)
        offset, place = len(found[partition]), Place(one.topic, partition)
        found[partition].append(
            Record(place, offset, offset, round(NOW * 1_000), 0, one.key, one.value)
        )
    return found


async def known() -> PostRecords:
    posts = MemoryPosts()
    for post_id in KNOWN:
        await posts.ingest([ingestion(post_id, tags=["cats"], region="DE")])
        await posts.moderate([moderation(post_id, spam_score=0.1)])
    return MemoryPostRecords(posts)


async def life(records: dict[int, list[Record]], *, twice: bool, size: int, seed: int) -> object:
    """What one consumer makes of the logs, its partitions taking turns in a random order."""
    counters, reactions, pools = MemoryCounters(), MemoryReactions(), MemoryPools()
    publisher, codec, random = MemoryPublisher(), EventCodec(), Random(seed)
    handler = Engagement(counters, reactions, await known(), pools, publisher)
    await handler.open(range(PARTITIONS))
    reached = dict.fromkeys(records, 0)
    while left := [one for one in records if reached[one] < len(records[one])]:
        turn = random.sample(left, random.randint(1, len(left)))
        chosen = [one for at in turn for one in records[at][reached[at] : reached[at] + size]]
        for _ in range(2 if twice else 1):
            batch, _ = read(chosen, codec, handler, NOW)
            await handler.apply(batch)
        for one in turn:
            reached[one] += size
    told = [event for event in publisher.events if isinstance(event, UserInteraction)]
    states = {key: msgspec.json.encode(state) for key, state in reactions.states.items()}
    return counters.packed, pools.members, states, {event.event_id: event for event in told}


async def test_delivered_twice_and_shuffled_everything_is_the_same_byte_for_byte() -> None:
    records = log(5)
    truth = await life(records, twice=False, size=EVENTS, seed=1)
    assert await life(records, twice=True, size=200, seed=2) == truth
    assert await life(records, twice=True, size=37, seed=3) == truth
