"""What the product relies on in Kafka; the embedded broker is a different program."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka import (  # noqa: TID251 - the broker itself is tested, not our adapters
    AIOKafkaConsumer,
    AIOKafkaProducer,
    ConsumerRecord,
    TopicPartition,
)
from aiokafka.admin import AIOKafkaAdminClient, NewTopic  # noqa: TID251 - as above
from aiokafka.errors import KafkaError  # noqa: TID251 - as above

from demo import ports
from demo.engines.engine import Engine
from demo.engines.kafka import Kafka
from demo.engines.real_kafka import RealKafka
from demo.engines.selection import Kind
from stores.kafka_stops import stopped
from tests.engines.private_engine import running
from tests.engines_fixture import Engines

pytestmark = pytest.mark.integration
LONG_AGO = 1_700_000_000_000  # milliseconds; a broker refuses times ahead of its clock
WAIT = 30.0  # seconds


class Topic:
    """One topic of one test."""

    def __init__(self, bootstrap: str, name: str) -> None:
        self.bootstrap = bootstrap
        self.name = name

    def partition(self, number: int) -> TopicPartition:
        return TopicPartition(self.name, number)

    async def create(self, partitions: int) -> list[tuple[str, int, str | None]]:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            topic = NewTopic(self.name, partitions, 1)
            return (await admin.create_topics([topic])).topic_errors
        finally:
            await stopped(admin)

    @asynccontextmanager
    async def producer(
        self, *, idempotent: bool = False
    ) -> AsyncGenerator[AIOKafkaProducer, None]:
        producer = AIOKafkaProducer(
            bootstrap_servers=self.bootstrap,
            acks="all",
            enable_idempotence=idempotent,
            request_timeout_ms=5_000,
        )
        try:
            await producer.start()
            yield producer
        finally:
            await stopped(producer)

    @asynccontextmanager
    async def consumer(self, group: str | None = None) -> AsyncGenerator[AIOKafkaConsumer, None]:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.bootstrap,
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=6_000,
            heartbeat_interval_ms=500,
            fetch_max_wait_ms=50,
        )
        try:
            await consumer.start()
            yield consumer
        finally:
            await stopped(consumer)

    async def send(self, *values: bytes, key: bytes | None = None) -> None:
        async with self.producer() as producer:
            for value in values:
                await (await producer.send(self.name, value, key))

    async def read(self, count: int, *, partitions: int = 1) -> list[ConsumerRecord]:
        async with self.consumer() as consumer:
            consumer.assign([self.partition(number) for number in range(partitions)])
            return await read(consumer, count)


async def read(consumer: AIOKafkaConsumer, count: int) -> list[ConsumerRecord]:
    """The next `count` records, in the order of their offsets within a partition."""
    records: list[ConsumerRecord] = []
    async with asyncio.timeout(WAIT):
        while len(records) < count:
            batches = await consumer.getmany(timeout_ms=200)
            records += [record for batch in batches.values() for record in batch]
    return records


@pytest.fixture
async def topic(engines: Engines, unique: Callable[[str], str]) -> Topic:
    topic = Topic(engines.kafka_bootstrap, unique("events"))
    assert [error for _, error, _ in await topic.create(1)] == [0]
    return topic


@pytest.fixture
async def wide(engines: Engines, unique: Callable[[str], str]) -> Topic:
    """A topic of four partitions."""
    topic = Topic(engines.kafka_bootstrap, unique("events"))
    assert [error for _, error, _ in await topic.create(4)] == [0]
    return topic


async def test_a_record_comes_back_as_it_was(topic: Topic) -> None:
    headers = [("trace", b"1"), ("trace", b"2")]
    async with topic.producer() as producer:
        sent = await producer.send(
            topic.name, b'{"a":1}', b"key", timestamp_ms=LONG_AGO, headers=headers
        )
        await sent
    (record,) = await topic.read(1)
    assert (record.key, record.value) == (b"key", b'{"a":1}')
    assert list(record.headers) == headers
    assert (record.timestamp, record.timestamp_type, record.offset) == (LONG_AGO, 0, 0)


async def test_a_tombstone_has_no_value(topic: Topic) -> None:
    async with topic.producer() as producer:
        await (await producer.send(topic.name, None, b"key"))
    (record,) = await topic.read(1)
    assert (record.key, record.value) == (b"key", None)


async def test_records_of_a_key_keep_their_order(wide: Topic) -> None:
    keys = [b"a", b"b", b"c", b"d", b"e"]
    async with wide.producer() as producer:
        sent = [
            await producer.send(wide.name, b"%d" % number, keys[number % 5])
            for number in range(100)
        ]
        for one in sent:
            await one
    records = await wide.read(100, partitions=4)
    for position, key in enumerate(keys):
        numbers = [int(one.value or b"") for one in records if one.key == key]
        assert numbers == list(range(position, 100, 5))
        assert len({one.partition for one in records if one.key == key}) == 1


async def test_a_topic_is_made_once(topic: Topic) -> None:
    already_exists = 36
    assert [error for _, error, _ in await topic.create(1)] == [already_exists]


async def test_the_ends_of_a_log_are_known(topic: Topic) -> None:
    await topic.send(b"one", b"two")
    place = topic.partition(0)
    async with topic.consumer() as consumer:
        consumer.assign([place])
        assert await consumer.beginning_offsets([place]) == {place: 0}
        assert await consumer.end_offsets([place]) == {place: 2}


async def test_reading_starts_where_it_is_told_to(topic: Topic) -> None:
    await topic.send(b"one", b"two", b"three")
    async with topic.consumer() as consumer:
        consumer.assign([topic.partition(0)])
        consumer.seek(topic.partition(0), 1)
        assert [record.value for record in await read(consumer, 2)] == [b"two", b"three"]


async def test_a_paused_partition_brings_nothing(topic: Topic) -> None:
    await topic.send(b"one")
    async with topic.consumer() as consumer:
        consumer.assign([topic.partition(0)])
        consumer.pause(topic.partition(0))
        assert await consumer.getmany(timeout_ms=200) == {}
        consumer.resume(topic.partition(0))
        assert [record.value for record in await read(consumer, 1)] == [b"one"]


async def test_a_group_resumes_after_what_it_committed(
    topic: Topic, unique: Callable[[str], str]
) -> None:
    group = unique("group")
    await topic.send(b"one", b"two")
    async with topic.consumer(group) as consumer:
        consumer.assign([topic.partition(0)])
        await read(consumer, 2)
        await consumer.commit({topic.partition(0): 1})
    async with topic.consumer(group) as consumer:
        consumer.assign([topic.partition(0)])
        assert [record.value for record in await read(consumer, 1)] == [b"two"]
        assert await consumer.committed(topic.partition(0)) == 1


async def test_two_members_share_the_partitions(wide: Topic, unique: Callable[[str], str]) -> None:
    group = unique("group")
    async with wide.consumer(group) as first, wide.consumer(group) as second:
        members = (first, second)
        for member in members:
            member.subscribe([wide.name])
        async with asyncio.timeout(WAIT):
            while sorted(len(member.assignment()) for member in members) != [2, 2]:
                await poll(members)
        assert first.assignment() | second.assignment() == {
            wide.partition(number) for number in range(4)
        }


async def poll(members: Sequence[AIOKafkaConsumer]) -> None:
    """Members join and agree while they are polled."""
    async with asyncio.TaskGroup() as tasks:
        for member in members:
            tasks.create_task(member.getmany(timeout_ms=100))


@pytest.mark.usefixtures("embedded_fails")
async def test_an_idempotent_producer_is_served(topic: Topic) -> None:
    async with topic.producer(idempotent=True) as producer:
        async with asyncio.timeout(5):
            await (await producer.send(topic.name, b"one"))
    (record,) = await topic.read(1)
    assert record.value == b"one"


@pytest.mark.usefixtures("embedded_fails")
async def test_a_topic_that_was_not_made_is_missed(
    engines: Engines, unique: Callable[[str], str]
) -> None:
    typo = Topic(engines.kafka_bootstrap, unique("typo"))
    with pytest.raises((KafkaError, TimeoutError)):
        async with asyncio.timeout(5):
            await typo.send(b"one")


async def test_whether_the_log_outlives_the_broker(tmp_path: Path, engines: Engines) -> None:
    port = ports.random_free((0, 1), ())
    real = engines.kind is Kind.REAL
    engine: Engine = RealKafka(tmp_path, print) if real else Kafka(tmp_path)
    topic = Topic(f"127.0.0.1:{port}", "events")
    async with running(engine, port) as process:
        await topic.create(1)
        await topic.send(b"one", b"two")
        process.kill()
        await process.wait()
    async with running(engine, port):
        await topic.create(1)
        place = topic.partition(0)
        async with topic.consumer() as consumer:
            consumer.assign([place])
            assert await consumer.end_offsets([place]) == {place: 2 if real else 0}
    assert engine.forgets is not real
