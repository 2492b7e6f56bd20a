"""The topics of the contract: made by demo and tests, found or missed in production."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from domain.errors import DomainError, Unavailable
from domain.topics import DEAD_LETTERS, TOPICS, Topic
from stores.kafka_stops import stopped

REQUEST: Final = 10.0  # seconds
ALREADY_THERE: Final = 36  # Kafka's TOPIC_ALREADY_EXISTS
# Room for the largest record of a topic with usual settings, and its context.
_SETTINGS: Final = {DEAD_LETTERS.name: {"max.message.bytes": str(2 * 1024 * 1024)}}


class MissingTopics(DomainError):
    """Topics that this process reads or writes do not exist; their names are in ``names``."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"missing in Kafka: {', '.join(names)}")
        self.names = tuple(names)


async def create_topics(
    bootstrap: str, *, most_partitions: int | None = None, topics: Sequence[Topic] = TOPICS
) -> None:
    """Create what is missing, with one replica and at most so many partitions each.

    Raises:
        Unavailable: Kafka did not answer, or refused one of them.

    """
    wanted = [
        NewTopic(
            topic.name,
            min(topic.partitions, most_partitions or topic.partitions),
            1,
            topic_configs=_SETTINGS.get(topic.name),
        )
        for topic in topics
    ]
    async with _admin(bootstrap) as admin:
        response = await admin.create_topics(wanted, timeout_ms=round(REQUEST * 1_000))
    for name, code, _ in response.topic_errors:
        if code not in (0, ALREADY_THERE):
            raise Unavailable("kafka", f"creating {name}: error {code}")


async def count_partitions(bootstrap: str, names: Sequence[str]) -> Mapping[str, int]:
    """The partitions of each topic.

    Raises:
        MissingTopics: some do not exist.
        Unavailable: Kafka did not answer.

    """
    async with _admin(bootstrap) as admin:
        described = await admin.describe_topics(list(names))
    counts = {topic["topic"]: len(topic["partitions"]) for topic in described}
    missing = [name for name in names if not counts.get(name)]
    if missing:
        raise MissingTopics(missing)
    return counts


@asynccontextmanager
async def _admin(bootstrap: str) -> AsyncGenerator[AIOKafkaAdminClient, None]:
    """A client for one request, under one deadline."""
    client = AIOKafkaAdminClient(
        bootstrap_servers=bootstrap, request_timeout_ms=round(REQUEST * 1_000)
    )
    try:
        async with asyncio.timeout(REQUEST):
            await client.start()
            yield client
    except (KafkaError, TimeoutError, OSError) as error:
        raise Unavailable("kafka", type(error).__name__) from error
    finally:
        await stopped(client)
