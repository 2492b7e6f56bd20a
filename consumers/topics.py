"""The topics, made where they are missing: by whoever starts a demo or a test, or on request."""

from typing import Final

from domain.errors import Unavailable
from runtime.logs import quiet
from runtime.settings import Membership, Settings
from stores.answering import NoAnswer
from stores.kafka_topics import create_topics

EMBEDDED_PARTITIONS: Final = 4  # of each topic, where one process owns them all


async def make_topics(settings: Settings) -> None:
    """Create the topics that are missing.

    Raises:
        NoAnswer: Kafka does not answer, or refuses.

    """
    try:
        with quiet():
            await create_missing(settings)
    except Unavailable as error:
        raise NoAnswer([error]) from None


async def create_missing(settings: Settings) -> None:
    """The same; raises `Unavailable`."""
    sole = settings.consumer_membership is Membership.SOLE
    most = EMBEDDED_PARTITIONS if sole else None
    await create_topics(settings.kafka_bootstrap, most_partitions=most)
