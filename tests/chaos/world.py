"""Engines of one's own, what producers wrote into them, and what consumers made of it."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition  # noqa: TID251 - reads the logs back

from consumers.batches import Place, Record
from demo.engines.selection import Kind
from demo.tether import tethered
from domain.fences import from_sequence, sequence
from domain.ports.posts import PostRecords
from domain.topics import DEAD_LETTERS, ENGAGEMENT_UPDATED, USER_INTERACTION
from runtime.settings import ENGINES
from stores import keys
from stores.kafka_events import KafkaWriter
from stores.kafka_log_ends import log_ends
from stores.kafka_stops import stopped
from stores.kafka_topics import count_partitions, create_topics
from stores.postgres_pool import PostgresPool
from stores.postgres_posts import PostgresPosts
from stores.redis_client import RedisClient, open_redis
from stores.redis_counters import RedisCounters
from stores.redis_log import RedisLog
from stores.redis_profiles import RedisProfiles
from stores.redis_protocol import as_bytes, as_list
from stores.revisions import unframed
from tests.chaos.store import Store
from tests.chaos.truth import Outcome
from tests.chaos.workload import KNOWN, VIEWERS
from tests.contracts.events import ingestion, moderation
from tests.demo.family import descendants

PARTITIONS = 4
SETTLED = 240.0  # seconds for consumers to reach the end of the logs
START = 900.0  # the real engines may have to be fetched
TOPICS = (ENGAGEMENT_UPDATED.name, USER_INTERACTION.name)


class World:
    """``environment`` leads consumers to the engines."""

    def __init__(
        self, kind: Kind, environment: dict[str, str], store: Store, postgres: PostgresPool
    ) -> None:
        self.kind = kind
        self.environment = environment
        self.store = store
        self.bootstrap = environment["EXPLORE_KAFKA_BOOTSTRAP"]
        self.postgres = postgres
        self.redis: RedisClient = open_redis(store.url, timeout=5.0)
        self.writer = KafkaWriter(self.bootstrap, timeout=10.0, idempotent=kind is Kind.REAL)
        self.broker: subprocess.Popen[str] | None = None

    @property
    def records(self) -> PostRecords:
        return PostgresPosts(self.postgres)

    async def prepare(self) -> None:
        await create_topics(self.bootstrap, most_partitions=PARTITIONS)
        projection = PostgresPosts(self.postgres)
        topics = ("pets", "art", "music")
        for number, post_id in enumerate(KNOWN):
            told = ingestion(
                post_id, tags=["cats"], categories={topics[number % 3]: 0.9}, region="DE"
            )
            await projection.ingest([told])
            await projection.moderate([moderation(post_id, spam_score=0.1, nsfw_score=0.0)])

    def freeze_broker(self, *, frozen: bool) -> None:
        assert self.broker is not None
        for pid in descendants(self.broker.pid) - {self.broker.pid}:
            _send(pid, signal.SIGSTOP if frozen else signal.SIGCONT)

    async def fences(self) -> dict[Place, int]:
        """The offset behind the last record applied of each partition."""
        engaged = await RedisCounters(self.redis).open(range(PARTITIONS))
        learned = await RedisProfiles(self.redis).open(range(PARTITIONS))
        found: dict[Place, int] = {}
        for topic, states in zip(TOPICS, (engaged, learned), strict=True):
            for partition, state in enumerate(states):
                reached = from_sequence(state.fence)
                found[Place(topic, partition)] = reached.offset + 1 if reached else 0
        return found

    async def settle(self) -> None:
        """Wait until everything written is applied, and told again, and that applied, too."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap)
        await consumer.start()
        places = [TopicPartition(name, at) for name in TOPICS for at in range(PARTITIONS)]
        try:
            async with asyncio.timeout(SETTLED):
                quiet = 0
                while quiet < 10:  # what is told again may come behind the first looks
                    ends = {
                        Place(*one): at for one, at in (await log_ends(consumer, places)).items()
                    }
                    quiet = quiet + 1 if await self.fences() == ends else 0
                    await asyncio.sleep(0.2)
        finally:
            await stopped(consumer)

    async def log(self, *topics: str) -> dict[Place, list[Record]]:
        """Everything that lies in these topics."""
        epoch = await RedisLog(
            self.redis
        ).epoch()  # whoever starts a broker that forgets raises it
        counts = await count_partitions(self.bootstrap, list(topics))
        places = [TopicPartition(name, at) for name in topics for at in range(counts[name])]
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap, enable_auto_commit=False)
        await consumer.start()
        found: dict[Place, list[Record]] = {Place(*one): [] for one in places}
        try:
            ends = await log_ends(consumer, places)
            consumer.assign(places)
            for one in places:
                consumer.seek(one, 0)
            async with asyncio.timeout(SETTLED):
                while any(len(found[Place(*one)]) < ends[one] for one in places):
                    for one, fetched in (await consumer.getmany(timeout_ms=200)).items():
                        found[Place(*one)] += [
                            Record(
                                Place(*one),
                                record.offset,
                                sequence(epoch, record.offset),
                                record.timestamp,
                                record.timestamp_type,
                                record.key,
                                record.value,
                            )
                            for record in fetched
                        ]
        finally:
            await stopped(consumer)
        return found

    async def outcome(self, names: Sequence[str]) -> Outcome:
        """What lies in the stores; ``names`` are those of the pools to look at."""
        counters: dict[str, bytes] = {}
        for partition in range(PARTITIONS):
            (reply,) = await self.redis.run([("HGETALL", keys.counters(partition))])
            flat = [as_bytes(one) or b"" for one in as_list(reply)]
            fields = zip(flat[::2], flat[1::2], strict=True)
            counters |= {name.decode(): value for name, value in fields if name[:1] != b"@"}
        profiles = await self.redis.values([keys.profile(viewer) for viewer in VIEWERS])
        seen = await self.redis.values([keys.seen(viewer) for viewer in VIEWERS])
        told = await self.log(*TOPICS)
        return Outcome(
            counters=counters,
            pools={name: pool for name in names if (pool := await self._pool(name))},
            reactions={
                (row["user_id"], row["post_id"], row["type"], row["count"], row["last_sequence"])
                for row in await self.postgres.fetch("SELECT * FROM reactions")
            },
            told_again={
                event_id
                for records in told.values()
                for record in records
                if (event_id := _event_id(record)) and event_id.startswith(">")
            },
            profiles={
                one: unframed(value) for one, value in zip(VIEWERS, profiles, strict=True) if value
            },
            seen={one: value for one, value in zip(VIEWERS, seen, strict=True) if value},
            history={
                (row["partition"], row["sequence"])
                for row in await self.postgres.fetch(
                    "SELECT partition, sequence FROM interactions"
                )
            },
        )

    async def dead_letters(self) -> list[Record]:
        letters = await self.log(DEAD_LETTERS.name)
        return [record for records in letters.values() for record in records]

    async def pool_names(self) -> list[str]:
        (reply,) = await self.redis.run([("KEYS", "explore:trending:*")])
        return [
            (as_bytes(one) or b"").decode().removeprefix(keys.PREFIX) for one in as_list(reply)
        ]

    async def _pool(self, name: str) -> dict[str, float]:
        (reply,) = await self.redis.run([("ZRANGE", keys.pool(name), 0, -1, "WITHSCORES")])
        flat = [as_bytes(one) or b"" for one in as_list(reply)]
        return {
            member.decode(): float(score)
            for member, score in zip(flat[::2], flat[1::2], strict=True)
        }

    async def close(self) -> None:
        await self.writer.close()
        await self.redis.close()


@asynccontextmanager
async def opened(
    kind: Kind, dsn: str, postgres: PostgresPool, folder: Path
) -> AsyncGenerator[World]:
    """A store and a broker of one's own, and a database of the session's server."""
    store = Store(folder)
    await store.start()
    given = dict.fromkeys(ENGINES, "http://127.0.0.1:9")  # what is given is not started
    given |= {"EXPLORE_POSTGRES_DSN": dsn, "EXPLORE_REDIS_URL": store.url}
    del given["EXPLORE_KAFKA_BOOTSTRAP"]
    command = (sys.executable, "-m", "demo.engines", "--engines", kind)
    with subprocess.Popen(  # noqa: ASYNC220 - returns at once
        tethered(command, signal.SIGTERM),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**_inherited(), **given},
    ) as broker:
        try:
            assert broker.stdout is not None
            async with asyncio.timeout(START):
                line = await asyncio.to_thread(broker.stdout.readline)
            settings = {**given, **msgspec.json.decode(line, type=dict[str, str])}
            world = World(
                kind, {**settings, "EXPLORE_ENVIRONMENT": "development"}, store, postgres
            )
            world.broker = broker
            await world.prepare()
            try:
                yield world
            finally:
                world.freeze_broker(frozen=False)
                await world.close()
        finally:
            broker.send_signal(signal.SIGTERM)
            store.kill()


def _inherited() -> dict[str, str]:
    return {**os.environ, "PYTHONWARNINGS": "default"}


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


class _Named(msgspec.Struct, rename="camel"):
    event_id: str | None = None


def _event_id(record: Record) -> str | None:
    try:
        return msgspec.json.decode(record.value or b"", type=_Named).event_id
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
