"""Events per second that one process of ``engagement`` applies from a backlog in Kafka.

80 % views, 15 % likes, 5 % the rest, by known people, over more and more posts; read from Kafka
by the consumer's own loop, applied to Valkey and PostgreSQL, told again on Kafka, committed.
Beside it the naive form over the same log: one ``HINCRBY`` an event, which counts twice after a
crash and keeps no sets and no trends. ``EXPLORE_TEST_ENGINES=real`` takes Apache Kafka: the
embedded broker itself delivers no more than some 6,000 events/s.
"""

import asyncio
import resource
import time
from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

from typing_extensions import override

from benchmarks._engines import engines
from consumers.batches import Batch, Fences, Handler, Received
from consumers.dead_letters import DeadLetters
from consumers.handlers.engagement import Engagement
from consumers.health import Health
from consumers.kafka import KafkaRecords
from consumers.loop import Loop
from consumers.marks import RedisMarks
from consumers.membership import Subscription
from consumers.resources import Resources
from consumers.topics import make_topics
from domain.events import (
    CategoryGuess,
    Decision,
    EngagementType,
    EngagementUpdated,
    ModerationResult,
    PostIngested,
)
from domain.ports.posts import StoredIngestion, StoredModeration
from domain.topics import ENGAGEMENT_UPDATED
from migrations.files import read_migrations
from migrations.upgrade import upgrade
from runtime.clock import SystemClock
from runtime.logs import configure_logs
from runtime.metrics import Metrics
from runtime.settings import Membership, load_settings
from stores.event_codec import EventCodec
from stores.kafka_batches import Outgoing
from stores.kafka_topics import count_partitions
from stores.postgres_posts import PostgresPosts
from stores.postgres_reactions import PostgresReactions
from stores.redis_client import RedisClient
from stores.redis_counters import RedisCounters
from stores.redis_log import RedisLog

POSTS: Final = (1_000, 10_000, 100_000)
EVENTS: Final = 40_000
BEFORE: Final = 5_000  # events that connect and warm, not measured
KNOWN: Final = 2_000  # posts with a record, the most popular ones
CHUNK: Final = 5_000
T = EngagementType
KINDS: Final = (*(T.VIEW,) * 80, *(T.LIKE,) * 15, T.COMMENT, T.COMMENT, T.SHARE, T.SAVE, T.REPOST)


def backlog(posts: int, events: int, seed: int = 0) -> list[Outgoing]:
    """Popularity falls with the cube of the rank."""
    random, codec = Random(posts + seed), EventCodec()
    now = time.time()
    return [
        Outgoing(
            *codec.encode(
                EngagementUpdated(
                    post_id=f"bench:{int(posts * random.random() ** 3)}",
                    type=random.choice(KINDS),
                    delta=1,
                    timestamp=(now - 600 + number / 100) * 1_000,
                    user_id=f"user:{random.randrange(50_000)}",
                )
            )
        )
        for number in range(events)
    ]


class Counted(Handler):
    """A handler, and how much it has applied."""

    def __init__(self, handler: Handler) -> None:
        self.applied = 0
        self._goal = 0
        self._reached = asyncio.Event()
        self._handler = handler

    @override
    def check(self, received: Received) -> None:
        self._handler.check(received)

    @override
    async def apply(self, batch: Batch) -> None:
        await self._handler.apply(batch)
        self.applied += len(batch.received)
        if self.applied >= self._goal:
            self._reached.set()

    async def wait_for(self, goal: int) -> None:
        self._goal = goal
        self._reached.clear()
        if self.applied < goal:
            await self._reached.wait()


class Naive(Handler):
    """One ``HINCRBY`` an event, behind no fence."""

    def __init__(self, redis: RedisClient) -> None:
        self._redis = redis

    @override
    def check(self, received: Received) -> None:
        """Anything goes."""

    @override
    async def apply(self, batch: Batch) -> None:
        await self._redis.run(
            [
                ("HINCRBY", f"naive:{one.event.post_id}", one.event.type, one.event.delta)
                for one in batch.received
                if isinstance(one.event, EngagementUpdated)
            ]
        )


def engagement(resources: Resources) -> Engagement:
    return Engagement(
        RedisCounters(resources.redis),
        PostgresReactions(resources.postgres),
        resources.post_records,
        resources.pool_writer,
        resources.events,
    )


async def drain(
    resources: Resources, handler: Handler, fences: Fences | None, goal: int
) -> tuple[float, float]:
    """Events per second, and microseconds of this process's CPU for each."""
    group = type(handler).__name__
    counted = Counted(handler)
    counts = await count_partitions(resources.settings.kafka_bootstrap, [ENGAGEMENT_UPDATED.name])
    subscription = Subscription(
        group=group, member="bench", partitions=counts, membership=Membership.SOLE
    )
    source = KafkaRecords(
        resources.settings.kafka_bootstrap,
        subscription,
        RedisMarks(RedisLog(resources.redis)),
        fences,
    )
    await source.start()
    loop = Loop(
        source,
        counted,
        DeadLetters(resources.writer, group, resources.metrics),
        Health(group, resources.clock, resources.metrics),
        resources.clock,
    )
    stopping = asyncio.Event()
    running = asyncio.create_task(loop.run(stopping))
    await counted.wait_for(BEFORE)
    began, worked, before = time.perf_counter(), time.process_time(), counted.applied
    await counted.wait_for(goal)
    elapsed, cpu = time.perf_counter() - began, time.process_time() - worked
    measured = counted.applied - before
    stopping.set()
    await running
    await source.stop()
    return measured / elapsed, cpu / measured * 1e6


async def add_posts(projection: PostgresPosts, count: int) -> None:
    now = time.time()
    for first in range(0, count, 500):
        ids = [f"bench:{number}" for number in range(first, min(count, first + 500))]
        await projection.ingest(
            [StoredIngestion(0, 0, now, _post(post_id, now)) for post_id in ids]
        )
        await projection.moderate(
            [StoredModeration(0, 0, now, _harmless(post_id, now)) for post_id in ids]
        )


def _post(post_id: str, now: float) -> PostIngested:
    return PostIngested(
        post_id=post_id,
        author_id="bench",
        content="text",
        tags=["one", "two"],
        region="DE",
        created_at=now * 1_000,
        categories=[CategoryGuess(slug="bench", confidence=1.0)],
    )


def _harmless(post_id: str, now: float) -> ModerationResult:
    return ModerationResult(
        post_id=post_id, decision=Decision.NONE, source="b", timestamp=now * 1_000, spam_score=0.0
    )


async def write(resources: Resources, records: Sequence[Outgoing]) -> None:
    for first in range(0, len(records), CHUNK):
        await resources.writer.send(records[first : first + CHUNK])


async def opened(settings: Mapping[str, str]) -> Resources:
    """Everything in place, on engines that are empty as yet."""
    await upgrade(settings["EXPLORE_POSTGRES_DSN"], read_migrations(), lambda _line: None)
    loaded = load_settings({**settings, "EXPLORE_ENVIRONMENT": "development"}, needed=settings)
    configure_logs(loaded.log_format, "ERROR")
    await make_topics(loaded)
    return await Resources.open(loaded, SystemClock(), Metrics.create())


async def run(settings: Mapping[str, str]) -> None:
    resources = await opened(settings)
    await add_posts(resources.posts, KNOWN)
    naive = 0.0
    for posts in POSTS:
        await write(resources, backlog(posts, EVENTS))
        if not naive:
            naive, cpu = await drain(resources, Naive(resources.redis), None, EVENTS)
            print(f"{'naive HINCRBY':22} {naive:8,.0f} events/s {cpu:19.1f} us CPU an event")
        handler = engagement(resources)
        rate, cpu = await drain(resources, handler, handler, EVENTS)
        ratio = f"{rate / naive:5.2f} x naive"
        print(f"{posts:7,} posts {rate:17,.0f} events/s {ratio} {cpu:5.1f} us CPU an event")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    print(f"memory at most         {memory:8,.0f} MB")
    await resources.close()


def main() -> None:
    with engines() as settings:
        asyncio.run(run(settings))
