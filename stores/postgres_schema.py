"""Whether the database is as new as this code needs it."""

from typing import Final

import asyncpg

from stores.postgres_pool import PostgresPool

NEEDED: Final = 13  # how many files `migrations/versions` has, held equal by a test
APPLIED: Final = "SELECT count(*) AS applied FROM explore_migrations"


async def is_migrated(pool: PostgresPool) -> bool:
    """Raises `Unavailable` where PostgreSQL does not answer."""
    try:
        row = await pool.fetchrow(APPLIED)
    except asyncpg.UndefinedTableError:
        return False
    return row is not None and row["applied"] >= NEEDED
