"""Many records at once: each where its key belongs, in order, bytes and headers untouched."""

import asyncio
from collections.abc import Callable

import pytest
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition  # noqa: TID251 - reads back

from domain.events import EngagementUpdated
from domain.topics import Topic
from stores.kafka_batches import Outgoing
from stores.kafka_events import KafkaWriter
from stores.kafka_producers import BATCH
from stores.kafka_stops import stopped
from stores.kafka_topics import create_topics
from stores.partitions import partitions_of
from tests.engines_fixture import Engines

pytestmark = pytest.mark.integration
PARTITIONS = 4


async def written(engines: Engines, topic: str, records: list[Outgoing]) -> list[ConsumerRecord]:
    """What lies in a new topic after one send, by partition and offset."""
    await create_topics(
        engines.kafka_bootstrap, topics=[Topic(topic, PARTITIONS, EngagementUpdated, None)]
    )
    writer = KafkaWriter(engines.kafka_bootstrap, timeout=30.0, idempotent=engines.kind == "real")
    await writer.send(records)
    await writer.close()
    consumer = AIOKafkaConsumer(
        bootstrap_servers=engines.kafka_bootstrap, auto_offset_reset="earliest"
    )
    await consumer.start()
    found: list[ConsumerRecord] = []
    try:
        consumer.assign([TopicPartition(topic, place) for place in range(PARTITIONS)])
        async with asyncio.timeout(60):
            while len(found) < len(records):
                for fetched in (await consumer.getmany(timeout_ms=200)).values():
                    found += fetched
    finally:
        await stopped(consumer)
    return sorted(found, key=lambda record: (record.partition, record.offset))


async def test_keys_keep_their_partition_and_their_order(
    engines: Engines, unique: Callable[[str], str]
) -> None:
    topic = unique("batches")
    records = [
        Outgoing(topic, f"k{number % 50}".encode(), b"%d" % number, [("n", b"%d" % number)])
        for number in range(1_000)
    ]
    found = await written(engines, topic, records)
    assert {record.key: record.partition for record in found} == {
        key: partitions_of([key], PARTITIONS)[0] for key in {record.key for record in found} if key
    }
    for place in range(50):
        of_key = [one for one in found if one.key == f"k{place}".encode()]
        assert [one.value for one in of_key] == [b"%d" % n for n in range(place, 1_000, 50)]
        assert all(list(one.headers) == [("n", one.value)] for one in of_key)


async def test_what_fills_a_batch_opens_another_and_what_is_larger_goes_alone(
    engines: Engines, unique: Callable[[str], str]
) -> None:
    topic = unique("batches")
    sizes = [BATCH // 3] * 8 + [BATCH * 3, 1]
    records = [Outgoing(topic, b"k", bytes([number]) * size) for number, size in enumerate(sizes)]
    assert [one.value for one in await written(engines, topic, records)] == [
        record.value for record in records
    ]


async def test_records_without_key_or_without_anything_are_written_as_they_are(
    engines: Engines, unique: Callable[[str], str]
) -> None:
    topic = unique("batches")
    found = await written(
        engines, topic, [Outgoing(topic, None, None), Outgoing(topic, None, b"x")]
    )
    assert sorted((one.key, one.value or b"") for one in found) == [(None, b""), (None, b"x")]
