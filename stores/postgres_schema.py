"""Whether the database is as new as this code needs it."""

from typing import Final

import asyncpg

from stores.postgres_pool import PostgresPool

NEEDED: Final = 6  # the newest file in `migrations/versions`, held equal by a test
VERSION: Final = "SELECT coalesce(max(version), 0) AS version FROM explore_migrations"


async def is_migrated(pool: PostgresPool) -> bool:
    """Raises `Unavailable` where PostgreSQL does not answer."""
    try:
        row = await pool.fetchrow(VERSION)
    except asyncpg.UndefinedTableError:
        return False
    return row is not None and row["version"] >= NEEDED
