"""What becomes of a producer whose broker hangs, and of what it has in hand."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition  # noqa: TID251 - reads back

from domain.errors import Unavailable
from domain.events import EngagementUpdated
from domain.topics import Topic
from stores.kafka_batches import Outgoing
from stores.kafka_events import KafkaWriter
from stores.kafka_producers import SharedProducer
from stores.kafka_stops import stopped
from stores.kafka_topics import create_topics
from tests.engines_fixture import Engines
from tests.stores.freezing import frozen

pytestmark = pytest.mark.integration
SECONDS = 1.0  # for a call
MANY = 20  # records that go as batches


class Log:
    """A topic of one's own with one partition, and a writer of it."""

    def __init__(self, engines: Engines, topic: str) -> None:
        self.bootstrap = engines.kafka_bootstrap
        self.topic = topic
        self.writer = KafkaWriter(
            self.bootstrap, timeout=SECONDS, idempotent=engines.kind == "real"
        )

    async def write(self, value: bytes, count: int = 1) -> None:
        await self.writer.send([Outgoing(self.topic, b"k", value)] * count)

    async def write_when_possible(self, value: bytes) -> None:
        async with asyncio.timeout(40):
            while True:
                with suppress(Unavailable):
                    return await self.write(value)

    async def values_before(self, last: bytes) -> list[bytes]:
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap, auto_offset_reset="earliest")
        await consumer.start()
        found: list[bytes] = []
        try:
            place = TopicPartition(self.topic, 0)
            consumer.assign([place])
            async with asyncio.timeout(40):
                while last not in found:
                    fetched = await consumer.getmany(timeout_ms=200)
                    found += [one.value or b"" for one in fetched.get(place, [])]
        finally:
            await stopped(consumer)
        return found[: found.index(last)]


@pytest.fixture
async def log(engines: Engines, unique: Callable[[str], str]) -> AsyncGenerator[Log, None]:
    topic = unique("producers")
    await create_topics(engines.kafka_bootstrap, topics=[Topic(topic, 1, EngagementUpdated, None)])
    found = Log(engines, topic)
    yield found
    await found.writer.close()


@pytest.mark.parametrize("count", [1, MANY])
async def test_what_was_not_accepted_is_not_written_when_the_broker_is_back(
    log: Log, count: int
) -> None:
    """But for the one request that lay in the broker's socket when it froze."""
    await log.write(b"before")
    with frozen(log.bootstrap):
        for value in (b"1", b"2", b"3"):
            with pytest.raises(Unavailable):
                await log.write(value, count)
    await log.write_when_possible(b"after")
    assert set(await log.values_before(b"after")) <= {b"before", b"1"}


async def test_callers_who_have_but_a_moment_get_connected_all_the_same(log: Log) -> None:
    """Those who line up behind a broker that hangs have no more when it is their turn."""
    idempotent = log.writer._shared._idempotent  # pyright: ignore[reportPrivateUsage]
    shared = SharedProducer(log.bootstrap, timeout=SECONDS, idempotent=idempotent)
    connected = False
    async with asyncio.timeout(10):
        while not connected:
            with suppress(TimeoutError):
                async with asyncio.timeout(0.001):
                    await shared.connected()
                    connected = True
    await shared.close()


async def test_a_producer_that_broke_is_replaced(log: Log) -> None:
    await log.write(b"1")
    producer: Any = log.writer._shared._producer  # pyright: ignore[reportPrivateUsage]

    async def fail() -> None:
        message = "an error of the library"
        raise RuntimeError(message)

    producer._sender._maybe_wait_for_pid = fail
    with suppress(Unavailable):
        await log.write(b"2")  # the error shows behind it
    await log.write(b"3")
    await log.write(b"4")
    assert (await log.values_before(b"4"))[-1] == b"3"


async def test_a_writer_ends_in_time_with_a_record_unsent(log: Log) -> None:
    patient = KafkaWriter(log.bootstrap, timeout=30.0, idempotent=log.writer._shared._idempotent)  # pyright: ignore[reportPrivateUsage]
    await patient.send([Outgoing(log.topic, b"k", b"1")])
    with frozen(log.bootstrap):
        sending = asyncio.ensure_future(patient.send([Outgoing(log.topic, b"k", b"2")]))
        await asyncio.wait((sending,), timeout=0.2)
        sending.cancel()
        async with asyncio.timeout(6):
            await patient.close()
