"""The topics must be there before anything is told; a demo's consumers make them as they start."""

import asyncio
from typing import Final

from domain.errors import Unavailable
from importer.readers import READERS
from runtime.clock import Clock
from runtime.start import CannotStart
from stores.kafka_topics import MissingTopics, count_partitions

PATIENCE: Final = 15.0  # seconds
AGAIN: Final = 0.1


async def require_topics(bootstrap: str, clock: Clock) -> None:
    """Return when all topics of an import exist.

    Raises:
        CannotStart: some did not come into being, or Kafka does not answer.

    """
    names = sorted({topic for topics in READERS.values() for topic in topics})
    began = clock.monotonic()
    while True:
        try:
            await count_partitions(bootstrap, names)
        except MissingTopics as missing:
            if clock.monotonic() - began > PATIENCE:
                remedy = "create them with: python -m consumers topics"
                raise CannotStart(str(missing), remedy) from missing
        except Unavailable as away:
            remedy = "see that EXPLORE_KAFKA_BOOTSTRAP is right and that it runs"
            raise CannotStart(str(away), remedy) from away
        else:
            return
        await asyncio.sleep(AGAIN)
