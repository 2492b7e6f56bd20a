"""The topics at the start of a process: made in development, missed by name in production."""

import asyncio
from collections.abc import Mapping
from typing import Final

from consumers.resources import Resources
from domain.errors import Unavailable
from domain.events import TOPICS
from runtime.settings import Membership, Settings
from runtime.start import CannotStart
from stores.kafka_topics import MissingTopics, count_partitions, create_topics
from stores.redis_log import RedisLog

START: Final = 30.0  # seconds that Kafka and Redis may take to answer at first
AGAIN: Final = 0.5
EMBEDDED_PARTITIONS: Final = 4  # of each topic, where one process owns them all
_SETTINGS: Final = {"kafka": "EXPLORE_KAFKA_BOOTSTRAP", "redis": "EXPLORE_REDIS_URL"}


async def make_topics(settings: Settings) -> None:
    """Create the topics that are missing.

    Raises:
        CannotStart: Kafka does not answer, or refuses.

    """
    sole = settings.consumer_membership is Membership.SOLE
    most = EMBEDDED_PARTITIONS if sole else None
    try:
        await create_topics(settings.kafka_bootstrap, most_partitions=most)
    except Unavailable as error:
        raise _unanswered(error) from None


async def known_partitions(resources: Resources, stopping: asyncio.Event) -> Mapping[str, int]:
    """The partitions of all topics, told to Redis as well; nothing if ``stopping`` comes first.

    Raises:
        CannotStart: a topic is missing, or an engine does not answer.

    """
    settings, clock = resources.settings, resources.clock
    deadline = clock.monotonic() + START
    while not stopping.is_set():
        try:
            if settings.is_development:
                await make_topics(settings)
            names = [topic.name for topic in TOPICS]
            counts = await count_partitions(settings.kafka_bootstrap, names)
            await RedisLog(resources.redis).note_partitions(counts)
        except MissingTopics as error:
            remedy = "create them, or let python -m consumers topics do it"
            raise CannotStart(str(error), remedy) from None
        except (Unavailable, CannotStart) as error:
            if clock.monotonic() > deadline:
                raise _unanswered(error) from None
            await asyncio.sleep(AGAIN)
        else:
            return counts
    return {}


def _unanswered(error: Unavailable | CannotStart) -> CannotStart:
    if isinstance(error, CannotStart):
        return error
    name = _SETTINGS.get(error.dependency, error.dependency)
    return CannotStart(str(error), f"see that it runs and that {name} is right")
