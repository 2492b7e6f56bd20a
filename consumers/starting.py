"""What must be there before consumers work: engines that answer, topics, a migrated database."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from consumers.resources import Resources
from consumers.topics import create_missing
from domain.topics import TOPICS
from runtime.logs import quiet
from runtime.start import CannotStart
from stores.answering import NoAnswer, Question, silent_after
from stores.kafka_topics import MissingTopics, count_partitions
from stores.postgres_schema import require_migrated
from stores.redis_log import RedisLog

START: Final = 30.0  # seconds that engines may take to answer at first


async def known_partitions(resources: Resources, stopping: asyncio.Event) -> Mapping[str, int]:
    """The partitions of all topics, told to Redis as well; nothing if ``stopping`` comes first.

    Raises:
        CannotStart: a topic is missing, an engine does not answer, the database is not migrated.

    """
    counting = asyncio.ensure_future(_count(resources))
    stopped = asyncio.ensure_future(stopping.wait())
    try:
        with quiet():
            await asyncio.wait((counting, stopped), return_when=asyncio.FIRST_COMPLETED)
        return counting.result() if counting.done() else {}
    finally:
        await _end(counting)
        await _end(stopped)


async def _count(resources: Resources) -> Mapping[str, int]:
    counts: dict[str, int] = {}

    async def count() -> None:
        if resources.settings.is_development:
            await create_missing(resources.settings)
        names = [topic.name for topic in TOPICS]
        try:
            counts.update(await count_partitions(resources.settings.kafka_bootstrap, names))
        except MissingTopics as error:
            remedy = "create them, or let python -m consumers topics do it"
            raise CannotStart(str(error), remedy) from None

    async def ping() -> None:
        await resources.redis.run([("PING",)])

    silent = await silent_after(
        START,
        (
            Question("kafka", count),
            Question("redis", ping),
            Question("postgresql", lambda: require_migrated(resources.postgres)),
        ),
    )

    async def note() -> None:
        await RedisLog(resources.redis).note_partitions(counts)

    silent = silent or await silent_after(START, [Question("redis", note)])
    if silent:
        raise NoAnswer(silent)
    return counts


async def _end(task: asyncio.Future[Any]) -> None:
    task.cancel()
    await asyncio.wait([task])
