"""``engagement`` over stores that outlive it, whose every call may be its last."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import msgspec
from typing_extensions import override

from consumers.handlers.engagement import Engagement
from domain.events import EngagementType, EngagementUpdated, Event, PostViral, UserInteraction
from domain.ports.counters import Counters
from domain.ports.pools import Pools, PoolWriter
from domain.ports.posts import PostRecords
from domain.ports.reactions import Reactions
from domain.topics import ENGAGEMENT_UPDATED
from stores.postgres_pool import PostgresPool
from stores.postgres_reactions import PostgresReactions
from stores.redis_client import RedisClient
from stores.redis_counters import RedisCounters
from stores.redis_pools import RedisPools, RedisPoolWriter
from tests.consumers.log import NOON, Log, consume
from tests.consumers.mortality import Died, Fate, mortal
from tests.contracts.events import ingestion, moderation
from tests.fakes.counters import MemoryCounters
from tests.fakes.pools import MemoryPools
from tests.fakes.posts import MemoryPosts
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.reactions import MemoryReactions
from tests.fakes.records import MemoryPostRecords

POSTS = [f"p{number}" for number in range(5)]
SIZE = 25
LISTS = [
    f"trending:{window}:{scope}"
    for window in ("HOUR", "DAY", "WEEK")
    for scope in ("global", "region:DE", "region:US", "cat:pets", "tag:cats")
]


class Teller(MemoryPublisher):
    """``tellings``: how often it was told what went viral."""

    def __init__(self) -> None:
        super().__init__()
        self.tellings = 0

    @override
    async def publish(self, events: Sequence[Event]) -> None:
        await super().publish(events)
        self.tellings += any(isinstance(event, PostViral) for event in events)


@dataclass
class World:
    counters: Counters
    reactions: Reactions
    pools: Pools
    pool_writer: PoolWriter
    records: PostRecords
    publisher: Teller

    def handler(self, fate: Fate) -> Engagement:
        """A new process over the same stores."""
        return Engagement(
            mortal(self.counters, fate),
            mortal(self.reactions, fate),
            mortal(self.records, fate),
            mortal(self.pool_writer, fate),
            mortal(self.publisher, fate),
        )

    async def outcome(self) -> object:
        states = await self.counters.load({0: POSTS})
        lists = await self.pools.read(LISTS, 100)
        packed = {post_id: msgspec.msgpack.encode(states[post_id]) for post_id in sorted(states)}
        return packed, [(list(one.ids), one.scores.tolist()) for one in lists]

    def told_again(self) -> set[str]:
        events = self.publisher.events
        return {event.event_id for event in events if isinstance(event, UserInteraction)}

    def went_viral(self) -> Counter[PostViral]:
        return Counter(one for one in self.publisher.events if isinstance(one, PostViral))


async def records() -> PostRecords:
    posts = MemoryPosts()
    for post_id in POSTS[1:]:  # the first one is unknown as yet
        told = ingestion(post_id, tags=["cats"], categories={"pets": 0.9}, region="DE")
        await posts.ingest([told])
        await posts.moderate([moderation(post_id, spam_score=0.1, nsfw_score=0.0)])
    return MemoryPostRecords(posts)


async def in_memory() -> World:
    pools = MemoryPools()
    return World(MemoryCounters(), MemoryReactions(), pools, pools, await records(), Teller())


async def in_stores(redis: RedisClient, postgres: PostgresPool) -> World:
    await redis.run([("FLUSHALL",)])
    await postgres.execute("TRUNCATE reactions")
    return World(
        RedisCounters(redis),
        PostgresReactions(postgres),
        RedisPools(redis),
        RedisPoolWriter(redis),
        await records(),
        Teller(),
    )


def history(seed: int, size: int = 60) -> Log:
    random = Random(seed)

    def event(number: int) -> EngagementUpdated:
        person = random.choice([None, None, *(f"u{one}" for one in range(6))])
        kind = random.choice([*EngagementType, EngagementType.LIKE, EngagementType.LIKE])
        return EngagementUpdated(
            post_id=random.choice(POSTS),
            type=kind,
            delta=random.choice([1, 1, -1]) if person else random.choice([0, 1, 150]),
            timestamp=(NOON + number + random.choice([0, 0, -5_000])) * 1_000.0,
            user_id=person,
            event_id=random.choice([None, f"e{random.randrange(20)}"]),
            region=random.choice([None, "US", "odd"]),
        )

    return Log(ENGAGEMENT_UPDATED.name, [event(number) for number in range(size)])


async def lives(world: World, log: Log, moment: int | None) -> Fate:
    """A life that ends at a moment, and one after it."""
    fate = Fate(moment)
    try:
        await consume(world.handler(fate), log, SIZE)
    except Died:
        await consume(world.handler(Fate()), log, SIZE)
    return fate


async def undisturbed(log: Log) -> tuple[World, int]:
    world = await in_memory()
    fate = await lives(world, log, None)
    return world, fate.moments
