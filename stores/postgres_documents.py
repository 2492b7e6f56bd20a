"""Trusted GraphQL operations in PostgreSQL, for all servers."""

from collections.abc import Mapping
from typing import Final

from stores.postgres_pool import PostgresPool

ADDED_AFTER: Final = """
SELECT position, id, text FROM documents WHERE position > $1 ORDER BY position"""
# Additions wait for each other, so that positions become visible in their order.
ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(hashtext('explore documents'))"
ADD: Final = """
INSERT INTO documents (id, text, client) SELECT id, text, $3
FROM unnest($1::text[], $2::text[]) AS r (id, text) ON CONFLICT DO NOTHING RETURNING 1"""


class PostgresDocuments:
    """Positions grow with each addition."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def added_after(self, position: int) -> tuple[int, Mapping[str, str]]:
        """Texts by id that were added after a position (0: all), and the position reached."""
        rows = await self._pool.fetch(ADDED_AFTER, position)
        reached = rows[-1]["position"] if rows else position
        return reached, {row["id"]: row["text"] for row in rows}

    async def add(self, texts: Mapping[str, str], *, client: str) -> int:
        """Add what is not there yet, for a client (`name@version` or empty); how many were new."""
        async with self._pool.transaction() as connection:
            await connection.execute(ONE_AT_A_TIME)
            added = await connection.fetch(ADD, list(texts), list(texts.values()), client)
        return len(added)
