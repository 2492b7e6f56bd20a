"""Redis commands by their own names; replies have no type, for they are what is tested."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, cast

from redis.asyncio import Redis


class Commands:
    """`await commands("GET", "key")`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = cast("Any", redis)

    async def __call__(self, *words: str | float | bytes) -> object:
        return await self._redis.execute_command(*words)


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator[Commands, None]:
    async with cast("Any", Redis).from_url(url, protocol=2) as redis:
        yield Commands(redis)


async def run_id(commands: Commands) -> str:
    """What a server calls itself between its start and its end."""
    server = cast("dict[str, str]", await commands("INFO", "server"))
    return server["run_id"]
