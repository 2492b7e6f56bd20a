"""Tells consumers that the log was made anew: a broker that keeps it in memory was started."""

from typing import Final

from redis.asyncio import Redis
from redis.asyncio.cluster import RedisCluster
from redis.exceptions import RedisError

from runtime.start import CannotStart

KEY: Final = "explore:log:epoch"  # the least epoch of a record: docs/architecture.md, write path
CLUSTER: Final = "redis+cluster://"
SECONDS: Final = 5.0


async def begin_log_epoch(redis_url: str) -> None:
    """Raise the least epoch by one.

    Raises:
        CannotStart: Redis does not take it.

    """
    if redis_url.startswith(CLUSTER):
        url = "redis://" + redis_url.removeprefix(CLUSTER)
        client = RedisCluster.from_url(url, socket_timeout=SECONDS)
    else:
        client = Redis.from_url(  # pyright: ignore[reportUnknownMemberType] - untyped options
            redis_url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS
        )
    try:
        async with client:
            await client.incr(KEY)
    except RedisError as error:
        raise CannotStart(
            f"Redis does not answer ({error})", "see EXPLORE_REDIS_URL and that it runs"
        ) from error
