"""Events per second that the ``engagement`` consumer applies from a backlog, in one process.

80 % views, 15 % likes, 5 % the rest, by known people, over many posts; decoded, applied to Valkey
and PostgreSQL, told again on Kafka. Beside it the naive form in the same run: one ``HINCRBY`` an
event, which counts twice after a crash, keeps no sets and no trends.
"""

import asyncio
import resource
import time
from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

from benchmarks._engines import engines
from consumers.batches import Place, Record
from consumers.handlers.engagement import Engagement
from consumers.reading import read
from domain.events import (
    ENGAGEMENT_UPDATED,
    CategoryGuess,
    Decision,
    EngagementType,
    EngagementUpdated,
    ModerationResult,
    PostIngested,
)
from domain.fences import sequence
from domain.ports import StoredIngestion, StoredModeration
from migrations.files import read_migrations
from migrations.upgrade import upgrade
from stores.event_codec import EventCodec
from stores.kafka_events import KafkaEvents, KafkaWriter
from stores.kafka_topics import create_topics
from stores.partitions import partitions_of
from stores.postgres_pool import open_pool
from stores.postgres_posts import PostgresPosts
from stores.postgres_reactions import PostgresReactions
from stores.redis_client import RedisClient, open_redis
from stores.redis_counters import RedisCounters
from stores.redis_pools import RedisPoolWriter
from stores.redis_records import RedisPostRecords

POSTS: Final = (1_000, 10_000, 100_000)
EVENTS: Final = 20_000
BATCH: Final = 1_000
PARTITIONS: Final = 16
KNOWN: Final = 2_000  # posts with a record, the most popular ones
T = EngagementType
KINDS: Final = (*(T.VIEW,) * 80, *(T.LIKE,) * 15, T.COMMENT, T.COMMENT, T.SHARE, T.SAVE, T.REPOST)


def backlog(posts: int, events: int, epoch: int) -> list[Record]:
    random, codec = Random(posts), EventCodec()
    now = time.time()
    offsets = [0] * PARTITIONS
    records: list[Record] = []
    for number in range(events):
        post = f"bench:{int(posts * random.random() ** 3)}"
        event = EngagementUpdated(
            post_id=post,
            type=random.choice(KINDS),
            delta=1,
            timestamp=(now - 600 + number / 100) * 1_000,
            user_id=f"user:{random.randrange(50_000)}",
        )
        (partition,) = partitions_of([post.encode()], PARTITIONS)
        place, offset = Place(ENGAGEMENT_UPDATED.name, partition), offsets[partition]
        offsets[partition] += 1
        _, key, value = codec.encode(event)
        stamp = round(now * 1_000)
        records.append(Record(place, offset, sequence(epoch, offset), stamp, 0, key, value))
    return records


async def apply(handler: Engagement, records: Sequence[Record]) -> tuple[float, float]:
    """Events per second, and microseconds of this process's CPU for each."""
    codec = EventCodec()
    await handler.open(range(PARTITIONS))
    began, worked = time.perf_counter(), time.process_time()
    for first in range(0, len(records), BATCH):
        batch, _ = read(records[first : first + BATCH], codec, handler, time.time())
        await handler.apply(batch)
    cpu = (time.process_time() - worked) / len(records) * 1_000_000
    return len(records) / (time.perf_counter() - began), cpu


async def increment(redis: RedisClient, records: Sequence[Record]) -> float:
    """The naive form: events per second."""
    codec = EventCodec()
    began = time.perf_counter()
    for first in range(0, len(records), BATCH):
        batch = [
            codec.decode(record.place.topic, record.value)
            for record in records[first : first + BATCH]
        ]
        await redis.run(
            [
                ("HINCRBY", f"naive:{event.post_id}", event.type, event.delta)
                for event in batch
                if isinstance(event, EngagementUpdated)
            ]
        )
    return len(records) / (time.perf_counter() - began)


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
        categories=[CategoryGuess(slug="bench")],
    )


def _harmless(post_id: str, now: float) -> ModerationResult:
    return ModerationResult(
        post_id=post_id, decision=Decision.NONE, source="b", timestamp=now * 1_000, spam_score=0.0
    )


async def run(settings: Mapping[str, str]) -> None:
    await upgrade(settings["EXPLORE_POSTGRES_DSN"], read_migrations(), lambda _line: None)
    await create_topics(settings["EXPLORE_KAFKA_BOOTSTRAP"], most_partitions=4)
    redis = open_redis(settings["EXPLORE_REDIS_URL"], timeout=5.0)
    postgres = await open_pool(settings["EXPLORE_POSTGRES_DSN"], timeout=10.0)
    writer = KafkaWriter(settings["EXPLORE_KAFKA_BOOTSTRAP"], timeout=10.0, idempotent=False)
    projection = PostgresPosts(postgres)
    await add_posts(projection, KNOWN)
    events = KafkaEvents(writer, EventCodec())
    naive = await increment(redis, backlog(POSTS[0], EVENTS, 0))
    print(f"naive HINCRBY          {naive:8,.0f} events/s")
    for epoch, posts in enumerate(POSTS, int(time.time()) % 4_000):
        handler = Engagement(
            RedisCounters(redis),
            PostgresReactions(postgres),
            RedisPostRecords(redis, projection),
            RedisPoolWriter(redis),
            events,
        )
        rate, cpu = await apply(handler, backlog(posts, EVENTS, epoch))
        ratio = f"{rate / naive:5.2f} x naive"
        print(
            f"{posts:7,} posts          {rate:8,.0f} events/s  {ratio}  {cpu:5.1f} us CPU an event"
        )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    print(f"memory at most         {memory:8,.0f} MB")
    await writer.close()
    await postgres.close()
    await redis.close()


def main() -> None:
    with engines() as settings:
        asyncio.run(run(settings))
