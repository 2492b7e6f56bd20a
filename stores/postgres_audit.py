"""The history of decisions, read from its beginning to be checked."""

from collections.abc import AsyncGenerator
from typing import Final

import asyncpg

from domain.audit import ChainHead, Link

BATCH: Final = 1_000
LINKS: Final = """
SELECT position, id, post_id, (extract(epoch FROM at) * 1000000)::bigint AS at, actor, decision,
    reason, note, previous, hash
FROM moderation_events ORDER BY position"""
HEAD: Final = "SELECT length, head FROM moderation_chain"


async def read_links(
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> AsyncGenerator[Link, None]:
    """Every link by position; within a transaction of the caller's."""
    async for row in connection.cursor(LINKS, prefetch=BATCH):
        yield Link(**dict(row))


async def read_head(connection: "asyncpg.Connection[asyncpg.Record]") -> ChainHead | None:
    row = await connection.fetchrow(HEAD)
    return None if row is None else ChainHead(row["length"], row["head"])
