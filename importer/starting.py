"""What must be there before anything is told: engines that answer, and all topics.

A demo's consumers make the topics as they start, so those may come a little later.
"""

import asyncio
from typing import Final

from importer.readers import READERS
from runtime.clock import Clock
from runtime.logs import quiet
from runtime.start import CannotStart
from stores.answering import NoAnswer, Question, silent_after
from stores.kafka_topics import MissingTopics, count_partitions
from stores.redis_client import RedisClient

START: Final = 10.0  # seconds that engines may take to answer
PATIENCE: Final = 15.0  # seconds that topics may take to be made
AGAIN: Final = 0.1


async def require_engines(
    bootstrap: str, redis: RedisClient, clock: Clock, *others: Question
) -> None:
    """Return when Kafka has all topics of an import, and everybody answers.

    Raises:
        CannotStart: some topics did not come into being, or an engine does not answer.

    """
    names = sorted({topic for topics in READERS.values() for topic in topics})

    async def ping() -> None:
        await redis.run([("PING",)])

    async def ask_kafka() -> None:
        await _have_topics(bootstrap, names)

    questions = (Question("kafka", ask_kafka), Question("redis", ping), *others)
    with quiet():
        if silent := await silent_after(START, questions):
            raise NoAnswer(silent)
        await _require_topics(bootstrap, names, clock)


async def _have_topics(bootstrap: str, names: list[str]) -> MissingTopics | None:
    try:
        await count_partitions(bootstrap, names)
    except MissingTopics as missing:
        return missing
    return None


async def _require_topics(bootstrap: str, names: list[str], clock: Clock) -> None:
    began = clock.monotonic()
    while missing := await _have_topics(bootstrap, names):
        if clock.monotonic() - began > PATIENCE:
            remedy = "create them with: python -m consumers topics"
            raise CannotStart(str(missing), remedy) from missing
        await asyncio.sleep(AGAIN)
