"""Counters and lists of 100,000 posts made again, while somebody reads the lists all the time.

The counters come from checkpoints in PostgreSQL and the events in Kafka behind them, the lists
from the counters. A reader asks for the great lists without pause: none may ever be empty. What
comes out is compared byte for byte with what was kept. Beside it the naive form: the same lists
deleted and written member by member, as the reader sees that. Engines as in ``_engines``.
"""

import asyncio
import io
import time
from collections.abc import Coroutine, Mapping, Sequence
from random import Random
from typing import Any, Final

import msgspec

from benchmarks._engines import engines
from consumers.checkpointing import CheckpointedCounters
from consumers.handlers.engagement import Engagement
from consumers.kafka import KafkaRecords
from consumers.marks import RedisMarks
from consumers.membership import Subscription
from consumers.reading import read
from consumers.rebuild.command import PARTS, works
from consumers.rebuild.counters import NothingToldAgain
from consumers.rebuild.shown import Shown
from consumers.resources import Resources
from consumers.topics import make_topics
from consumers.trending_lists import place, writes
from domain import pools
from domain.engagement import EngagementState, contribution_of_person, fold
from domain.events import (
    CategoryGuess,
    Decision,
    EngagementType,
    EngagementUpdated,
    ModerationResult,
    PostIngested,
)
from domain.fences import NOTHING_APPLIED, sequence
from domain.ports.counters import CounterBatch
from domain.ports.posts import StoredIngestion, StoredModeration
from domain.posts import PostRecord
from domain.topics import ENGAGEMENT_UPDATED, TOPICS
from domain.trending import WINDOWS
from migrations.files import read_migrations
from migrations.upgrade import upgrade
from runtime.clock import SystemClock
from runtime.logs import configure_logs
from runtime.metrics import Metrics
from runtime.settings import LogFormat, Membership, load_settings
from stores import keys
from stores.event_codec import EventCodec
from stores.kafka_log_reach import KafkaLogReach
from stores.kafka_topics import count_partitions
from stores.partitions import partitions_of
from stores.postgres_checkpoints import PostgresCheckpoints
from stores.postgres_reactions import PostgresReactions
from stores.redis_checkpoints import RedisCheckpoints
from stores.redis_counters import RedisCounters
from stores.redis_log import RedisLog
from stores.redis_protocol import Reply, as_list

POSTS: Final = 100_000
EVENTS: Final = 5_000  # behind the checkpoints
CHUNK: Final = 1_000
CATEGORIES: Final = 20
HASHTAGS: Final = 500
BEYOND: Final = 1 << 39  # so far no log reaches: its true end is found
GREAT: Final = [pools.trending_worldwide(window) for window in WINDOWS]


def main() -> None:
    configure_logs(LogFormat.JSON, "ERROR")
    with engines() as settings:
        asyncio.run(_measure({**settings, "EXPLORE_ENVIRONMENT": "development"}))


async def _measure(environment: Mapping[str, str]) -> None:
    settings = load_settings(environment)
    await upgrade(settings.postgres_dsn, read_migrations(), lambda _line: None)
    await make_topics(settings)
    resources = await Resources.open(settings, SystemClock(), Metrics.create())
    try:
        names = [topic.name for topic in TOPICS]
        counts = await count_partitions(settings.kafka_bootstrap, names)
        await RedisLog(resources.redis).note_partitions(counts)
        partitions = range(counts[ENGAGEMENT_UPDATED.name])
        ids = [f"bench:{number}" for number in range(POSTS)]
        await _ingest(resources, ids)
        await _count(resources, ids, partitions)
        await _go_on(resources, ids, partitions)
        truth = await _contents(resources, partitions)
        print(f"{POSTS:,} posts in {len(truth[1]):,} lists, {EVENTS:,} events behind checkpoints")
        made = works(resources, counts, Shown(resources.clock, io.StringIO()))
        total = 0.0
        for part in PARTS[:2]:
            seconds, reads, empty = await _watched(resources, made[part]())
            total += seconds
            print(f"{part:>9}: {seconds:6.1f} s   reads meanwhile {reads:,}, empty {empty}")
        same = await _contents(resources, partitions) == truth
        print(f"    total: {total:6.1f} s   byte for byte the same: {same}")
        seconds, reads, empty = await _watched(resources, _naively(resources, partitions))
        print(f"    naive: {seconds:6.1f} s   reads meanwhile {reads:,}, empty {empty}")
    finally:
        await resources.close()


async def _ingest(resources: Resources, ids: Sequence[str]) -> None:
    now = time.time()
    for first in range(0, len(ids), CHUNK):
        chunk = ids[first : first + CHUNK]
        await resources.posts.ingest(
            [
                StoredIngestion(0, number, now - number, _post(post_id, number, now))
                for number, post_id in enumerate(chunk, first)
            ]
        )
        await resources.posts.moderate(
            [
                StoredModeration(0, number, now, _approval(post_id, now))
                for number, post_id in enumerate(chunk, first)
            ]
        )


def _post(post_id: str, number: int, now: float) -> PostIngested:
    return PostIngested(
        post_id=post_id,
        author_id=f"author:{number % 5_000}",
        content="what a post says",
        created_at=(now - number) * 1_000,
        tags=[f"tag{number % HASHTAGS}"],
        categories=[CategoryGuess(f"category-{number % CATEGORIES}", confidence=1.0)],
        region=("DE", "US", "FR")[number % 3],
    )


def _approval(post_id: str, now: float) -> ModerationResult:
    return ModerationResult(
        post_id=post_id, decision=Decision.APPROVE, source="human:x", timestamp=now * 1_000
    )


async def _count(resources: Resources, ids: Sequence[str], partitions: Sequence[int]) -> None:
    """Counters of four people's likes for each post, kept up to the end of the log."""
    await _publish(resources, ids[: 50 * len(partitions)], delta=0)
    reach = await KafkaLogReach(resources.settings.kafka_bootstrap).bounds(
        ENGAGEMENT_UPDATED.name, dict.fromkeys(partitions, BEYOND)
    )
    epoch = await RedisLog(resources.redis).epoch()
    own = partitions_of([post_id.encode() for post_id in ids], len(partitions))
    counters = _checkpointed(resources)
    await counters.open(partitions)
    fences = dict.fromkeys(partitions, NOTHING_APPLIED)
    now = time.time()
    for first in range(0, len(ids), CHUNK):
        chunk = ids[first : first + CHUNK]
        records = await resources.posts.get_many(chunk)
        batches: dict[int, dict[str, EngagementState]] = {}
        for number, (post_id, record) in enumerate(zip(chunk, records, strict=True), first):
            state = _liked(now - number / POSTS * 3_000, record)
            batches.setdefault(own[number], {})[post_id] = state
        for states in batches.values():
            await resources.pool_writer.write(writes(states, {}))
        through = {one: sequence(epoch, reach[one].end - 1) for one in batches}
        await counters.save(
            [CounterBatch(one, fences[one], through[one], batch) for one, batch in batches.items()]
        )
        fences |= through
    await counters.keep_all()


def _liked(at: float, record: PostRecord | None) -> EngagementState:
    state = EngagementState()
    region = record.region if record else None
    for person in range(4):
        like = contribution_of_person(EngagementType.LIKE, 1, 1, at + person, person, region)
        fold(state, like)
    place(state, record)
    return state


async def _publish(resources: Resources, ids: Sequence[str], *, delta: int) -> None:
    now = time.time() * 1_000
    for first in range(0, len(ids), CHUNK):
        await resources.events.publish(
            [
                EngagementUpdated(
                    post_id=post_id,
                    type=EngagementType.LIKE,
                    delta=delta,
                    timestamp=now,
                    user_id=f"user:{number}" if delta else None,
                )
                for number, post_id in enumerate(ids[first : first + CHUNK], first)
            ]
        )


async def _go_on(resources: Resources, ids: Sequence[str], partitions: Sequence[int]) -> None:
    """The consumer counts what came after the checkpoints."""
    random = Random(0)
    await _publish(resources, random.choices(ids, k=EVENTS), delta=1)
    engagement = Engagement(
        RedisCounters(resources.redis),
        PostgresReactions(resources.postgres),
        resources.post_records,
        resources.pool_writer,
        NothingToldAgain(),
    )
    subscription = Subscription(
        group="explore-benchmark",
        member="benchmark",
        partitions={ENGAGEMENT_UPDATED.name: len(partitions)},
        membership=Membership.SOLE,
    )
    marks = RedisMarks(RedisLog(resources.redis))
    bootstrap = resources.settings.kafka_bootstrap
    records = KafkaRecords(bootstrap, subscription, marks, engagement)
    await records.start()
    applied, codec = 0, EventCodec()
    while applied < EVENTS:
        found = await records.poll(0.5, CHUNK)
        if found:
            batch, _ = read(found, codec, engagement, time.time())
            await engagement.apply(batch)
            applied += len(found)
    await records.stop()


def _checkpointed(resources: Resources) -> CheckpointedCounters:
    return CheckpointedCounters(
        RedisCounters(resources.redis),
        RedisCounters(resources.redis, keys.prepared_counters),
        RedisCheckpoints(resources.redis),
        PostgresCheckpoints(resources.postgres),
        resources.clock,
    )


async def _contents(
    resources: Resources, partitions: Sequence[int]
) -> tuple[list[Mapping[str, bytes]], Mapping[str, Reply]]:
    """All counters, packed, and the best of all trending lists."""
    source = RedisCheckpoints(resources.redis)
    counters = [await source.scan(partition) for partition in partitions]
    (found,) = await resources.redis.run([("KEYS", keys.pool("trending:*"))])
    names = sorted(name.decode() for name in as_list(found) if isinstance(name, bytes))
    lists = await resources.redis.run(
        [("ZRANGE", name, 0, 999, "REV", "WITHSCORES") for name in names]
    )
    return counters, dict(zip(names, lists, strict=True))


async def _watched(
    resources: Resources, work: Coroutine[Any, Any, None]
) -> tuple[float, int, int]:
    """Seconds that work took, and how many reads of the great lists came back, and came empty."""
    task = asyncio.create_task(work)
    started, reads, empty = time.perf_counter(), 0, 0
    while not task.done():
        for found in await resources.pools.read(GREAT, 100):
            reads += 1
            empty += not found.ids
        await asyncio.sleep(0.005)
    await task
    return time.perf_counter() - started, reads, empty


async def _naively(resources: Resources, partitions: Sequence[int]) -> None:
    source = RedisCheckpoints(resources.redis)
    unpack = msgspec.msgpack.Decoder(EngagementState).decode
    await resources.redis.run([("DEL", keys.pool(name)) for name in GREAT])
    for partition in partitions:
        scan = await source.scan(partition)
        states = {post_id: unpack(packed) for post_id, packed in scan.items()}
        await resources.pool_writer.write(writes(states, {}))
