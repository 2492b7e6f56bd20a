"""``interests`` is killed between any two of its steps and loses and doubles nothing."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

import msgspec
import pytest
from typing_extensions import override

from consumers.batches import FenceMoved
from consumers.blocks import Blocks
from consumers.handlers.interests import Interests, ViewerStores
from consumers.profiles import ViewerProfiles
from domain.events import Action, Attribution, EngagementUpdated, Event, UserInteraction
from domain.ports.posts import PostRecords
from domain.ports.profiles import LearnedProfiles
from domain.ports.seen_filters import SeenFilters
from domain.ports.viewer_states import LiveStates
from domain.topics import USER_INTERACTION
from stores.redis_client import RedisClient
from stores.redis_profiles import RedisProfiles, RedisSeen
from stores.redis_viewers import RedisViewers
from tests.consumers.log import NOON, Log, consume
from tests.consumers.mortality import Died, Fate, mortal
from tests.contracts.events import ingestion, moderation
from tests.fakes.clock import FixedClock
from tests.fakes.follows import MemoryFollows
from tests.fakes.interactions import MemoryInteractions
from tests.fakes.posts import MemoryPosts
from tests.fakes.profiles import MemoryProfiles
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.records import MemoryPostRecords
from tests.fakes.viewer_states import MemoryViewerStates
from tests.fakes.viewers import MemoryLearnedProfiles, MemorySeen, MemoryViewers

POSTS = [f"p{number}" for number in range(6)]
VIEWERS = [f"u{number}" for number in range(4)]
SIZE = 20


@dataclass
class World:
    profiles: LearnedProfiles
    seen: SeenFilters
    states: LiveStates
    records: PostRecords
    durable: MemoryProfiles
    interactions: MemoryInteractions
    publisher: MemoryPublisher

    def handler(self, fate: Fate) -> Interests:
        """A new process over the same stores."""
        stores = ViewerStores(
            profiles=ViewerProfiles(mortal(self.profiles, fate), mortal(self.durable, fate)),
            states=mortal(self.states, fate),
            seen=mortal(self.seen, fate),
            interactions=mortal(self.interactions, fate),
        )
        follows = MemoryFollows()
        blocks = Blocks(follows, self.states, MemoryViewerStates())
        records, publisher = mortal(self.records, fate), mortal(self.publisher, fate)
        return Interests(stores, records, publisher, follows, blocks)

    async def outcome(self) -> object:
        profiles = await self.profiles.load(VIEWERS)
        packed = {viewer: msgspec.msgpack.encode(profiles[viewer]) for viewer in sorted(profiles)}
        seen = await self.seen.load(VIEWERS)
        rows = sorted((row.sequence, row.user_id, row.action) for row in self.interactions.rows)
        counted = [one for one in self.publisher.events if isinstance(one, EngagementUpdated)]
        return packed, dict(seen), rows, {one.event_id: one for one in counted}


async def records() -> PostRecords:
    posts = MemoryPosts()
    for number, post_id in enumerate(POSTS):
        topic = ("pets", "art", "music")[number % 3]
        await posts.ingest([ingestion(post_id, tags=["cats"], categories={topic: 0.9})])
        await posts.moderate([moderation(post_id, spam_score=0.1)])
    return MemoryPostRecords(posts)


async def world(redis: RedisClient | None = None) -> World:
    return World(
        profiles=RedisProfiles(redis) if redis else MemoryLearnedProfiles(),
        seen=RedisSeen(redis) if redis else MemorySeen(),
        states=RedisViewers(redis) if redis else MemoryViewers(FixedClock()),
        records=await records(),
        durable=MemoryProfiles(),
        interactions=MemoryInteractions(),
        publisher=MemoryPublisher(),
    )


def history(seed: int, size: int = 50) -> Log:
    random = Random(seed)
    served = Attribution(request_id="r", position=1, surface="explore", served_at=NOON * 1_000)

    def event(number: int) -> UserInteraction:
        return UserInteraction(
            event_id=random.choice([f"e{number}", f"r{random.randrange(8)}", f">e:0:{number}"]),
            user_id=random.choice(VIEWERS),
            action=random.choice([Action.VIEW, Action.LIKE, Action.UNLIKE, *Action]),
            timestamp=(NOON + 40_000.0 * number) * 1_000.0,
            post_id=random.choice([*POSTS, "unknown"]),
            duration_ms=random.choice([None, 9_000]),
            attribution=random.choice([None, served]),
        )

    return Log(USER_INTERACTION.name, [event(number) for number in range(size)])


async def compare_at_every_moment(log: Log, redis: RedisClient | None = None) -> None:
    truth = await world()
    undisturbed = Fate()
    await consume(truth.handler(undisturbed), log, SIZE)
    assert undisturbed.moments > 40
    for moment in range(undisturbed.moments):
        if redis is not None:
            await redis.run([("FLUSHALL",)])
        disturbed = await world(redis)
        try:
            await consume(disturbed.handler(Fate(moment)), log, SIZE)
        except Died:
            await consume(disturbed.handler(Fate()), log, SIZE)
        assert await disturbed.outcome() == await truth.outcome(), f"moment {moment}"


@pytest.mark.parametrize("seed", range(3))
async def test_killed_at_any_moment_nothing_is_lost_or_doubled(seed: int) -> None:
    await compare_at_every_moment(history(seed))


@pytest.mark.integration
async def test_killed_at_any_moment_over_real_redis(redis: RedisClient) -> None:
    await compare_at_every_moment(history(5), redis)


async def test_a_profile_that_the_fast_store_lost_comes_from_the_durable_one() -> None:
    log = history(9)
    truth, lossy = await world(), await world()
    await consume(truth.handler(Fate()), log, SIZE)
    handler = lossy.handler(Fate())
    await handler.open([0])
    await handler.apply(log.batch(0, 30))
    kept = await lossy.profiles.load(VIEWERS)
    await lossy.durable.write_many(kept)
    assert isinstance(lossy.profiles, MemoryLearnedProfiles)
    lossy.profiles.packed.clear()
    await handler.apply(log.batch(30, 20))
    after, expected = await lossy.profiles.load(VIEWERS), await truth.profiles.load(VIEWERS)
    assert all(after[viewer] == expected[viewer] for viewer in after)


async def test_a_store_that_lost_its_tail_gets_no_profile_with_a_gap() -> None:
    log = history(9)
    truth, lossy = await world(), await world()
    await consume(truth.handler(Fate()), log, SIZE)
    handler, store = lossy.handler(Fate()), lossy.profiles
    assert isinstance(store, MemoryLearnedProfiles)
    await handler.open([0])
    await handler.apply(log.batch(0, 10))
    early = dict(store.packed), dict(store.partitions)
    await handler.apply(log.batch(10, 10))
    store.packed, store.partitions = dict(early[0]), dict(early[1])
    with pytest.raises(FenceMoved):
        await handler.apply(log.batch(20, 10))
    assert store.packed == early[0]
    await consume(lossy.handler(Fate()), log, SIZE)
    assert await store.load(VIEWERS) == await truth.profiles.load(VIEWERS)


class Holding(MemoryPublisher):
    """Takes its time with the first events."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()
        self.going_on = asyncio.Event()

    @override
    async def publish(self, events: Sequence[Event]) -> None:
        if events:
            self.reached.set()
            await self.going_on.wait()
        await super().publish(events)


@pytest.mark.parametrize("known", [False, True])
async def test_who_was_overtaken_takes_nothing_back_of_what_was_seen(*, known: bool) -> None:
    shared, log = await world(), history(9)
    assert isinstance(shared.seen, MemorySeen)
    first = 0
    if known:  # else it had loaded nothing
        first = 10
        early = shared.handler(Fate())
        await early.open([0])
        await early.apply(log.batch(0, first))
    holding = Holding()
    overtaken = replace(shared, publisher=holding).handler(Fate())
    await overtaken.open([0])
    applying = asyncio.ensure_future(overtaken.apply(log.batch(first, SIZE)))
    await holding.reached.wait()
    await consume(shared.handler(Fate()), log, SIZE)
    seen = dict(shared.seen.packed)
    holding.going_on.set()
    with pytest.raises(FenceMoved):
        await applying
    assert shared.seen.packed == seen


async def test_who_was_held_up_does_not_bring_back_a_filter_that_was_erased() -> None:
    shared, log = await world(), history(9)
    assert isinstance(shared.seen, MemorySeen)
    early = shared.handler(Fate())
    await early.open([0])
    await early.apply(log.batch(0, SIZE))
    viewer = next(iter(shared.seen.packed))
    holding = Holding()
    held = replace(shared, publisher=holding).handler(Fate())
    await held.open([0])
    applying = asyncio.ensure_future(held.apply(log.batch(SIZE, SIZE)))
    await holding.reached.wait()
    del shared.seen.packed[viewer]
    holding.going_on.set()
    with pytest.raises(FenceMoved):
        await applying
    assert viewer not in shared.seen.packed
