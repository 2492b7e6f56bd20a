"""Questions to Kafka about logs, each under one deadline."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from domain.errors import Unavailable
from stores.kafka_log_ends import log_ends
from stores.kafka_stops import stopped

REQUEST: Final = 5.0  # seconds


class LogBounds(NamedTuple):
    """A log's first offset and the one that its next record will have."""

    first: int
    end: int


@asynccontextmanager
async def questions(seconds: float = REQUEST) -> AsyncGenerator[None, None]:
    """Around calls to Kafka.

    Raises:
        Unavailable: it did not answer, or not in time.
        CommitFailedError: the group has moved on without us.
        IllegalStateError: a partition is not ours any more.

    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except (CommitFailedError, IllegalStateError):
        raise
    except (KafkaError, TimeoutError, OSError) as error:
        raise Unavailable("kafka", type(error).__name__) from error


async def log_bounds(
    consumer: AIOKafkaConsumer, bootstrap: str, reached: Mapping[TopicPartition, int]
) -> dict[TopicPartition, LogBounds]:
    """The bounds of logs, of which we have read up to the offsets ``reached``.

    A log that seems to end before that is asked again by a fetch: the embedded broker misstates
    ends, and taking a log for a new one would count it twice.
    """
    async with questions():
        first = await consumer.beginning_offsets(list(reached))
        end = dict(await consumer.end_offsets(list(reached)))
    beyond = [partition for partition, offset in reached.items() if offset > end[partition]]
    if beyond:
        asking = AIOKafkaConsumer(bootstrap_servers=bootstrap)
        async with questions():
            try:
                await asking.start()
                end.update(await log_ends(asking, beyond))
            finally:
                await stopped(asking)
    return {one: LogBounds(first[one], end[one]) for one in reached}
