"""Tells consumers that the log was made anew: a broker that keeps it in memory was started."""

from typing import Final

from domain.errors import Unavailable
from runtime.start import CannotStart
from stores import keys
from stores.redis_client import open_redis

SECONDS: Final = 5.0


async def begin_log_epoch(redis_url: str) -> None:
    """Raise the least epoch of a record by one (docs/architecture.md, write path).

    Raises:
        CannotStart: Redis does not take it.

    """
    client = open_redis(redis_url, timeout=SECONDS, connections=1)
    try:
        await client.run([("INCR", keys.LOG_EPOCH)])
    except Unavailable as error:
        remedy = "see that EXPLORE_REDIS_URL is right and that it runs"
        raise CannotStart(f"Redis does not answer ({error})", remedy) from error
    finally:
        await client.close()
