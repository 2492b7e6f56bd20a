"""A client of an empty Redis of the session's engines."""

from collections.abc import AsyncGenerator

import pytest

from stores.redis_client import RedisClient, open_redis


@pytest.fixture
async def redis(redis_url: str) -> AsyncGenerator[RedisClient, None]:
    client = open_redis(redis_url, timeout=2.0)
    yield client
    await client.close()
