"""The control: a consumer that increments and then commits, as most do."""

import asyncio
import signal

from aiokafka import AIOKafkaConsumer, TopicPartition  # noqa: TID251 - no product code at all
from redis.asyncio import Redis

from domain.events import EngagementUpdated
from domain.topics import ENGAGEMENT_UPDATED
from runtime.settings import Settings
from stores.event_codec import EventCodec, Unreadable
from stores.kafka_topics import count_partitions

GROUP = "naive"
BATCH = 50


async def count_naively(settings: Settings) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    topic, codec = ENGAGEMENT_UPDATED.name, EventCodec()
    counts = await count_partitions(settings.kafka_bootstrap, [topic])
    places = [TopicPartition(topic, number) for number in range(counts[topic])]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap,
        group_id=GROUP,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    consumer.assign(places)
    redis = Redis.from_url(settings.redis_url)  # pyright: ignore[reportUnknownMemberType] - untyped options
    for place in places:
        consumer.seek(place, await consumer.committed(place) or 0)
    while not stopping.is_set():
        for records in (await consumer.getmany(timeout_ms=100, max_records=BATCH)).values():
            for record in records:
                try:
                    event = codec.decode(topic, record.value)
                except Unreadable:
                    continue
                if isinstance(event, EngagementUpdated):
                    await redis.hincrby(f"naive:{event.post_id}", event.type, event.delta)
            await consumer.commit()
    await consumer.stop()
    await redis.aclose()
