"""The stores whose speed is watched, each by the smallest question that it can be asked."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from consumers.store_speeds import StoreSpeeds
from runtime.settings import Settings
from stores.opensearch_client import OpenSearchClient
from stores.postgres_pool import open_pool
from stores.redis_client import open_redis

REDIS: Final = "redis"
POSTGRESQL: Final = "postgresql"
OPENSEARCH: Final = "opensearch"

PATIENCE: Final = 2.0  # seconds for an answer


@asynccontextmanager
async def asked_stores(settings: Settings) -> AsyncGenerator[StoreSpeeds]:
    """Over connections of their own: behind the work of consumers every store looks slow."""
    redis = open_redis(settings.redis_url, timeout=PATIENCE, connections=1)
    postgres = await open_pool(settings.postgres_dsn, timeout=PATIENCE, size=1)
    opensearch = OpenSearchClient(settings.opensearch_url, timeout=PATIENCE)
    speeds = StoreSpeeds(
        {
            REDIS: lambda: redis.run([("PING",)]),
            POSTGRESQL: lambda: postgres.execute("SELECT 1"),
            OPENSEARCH: opensearch.ping,
        }
    )
    try:
        yield speeds
    finally:
        await speeds.close()
        await opensearch.close()
        await postgres.close()
        await redis.close()
