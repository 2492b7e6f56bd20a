"""Whether the database is as new as this code needs it."""

from typing import Final

from stores.postgres_pool import PostgresPool

NEEDED: Final = 13  # how many files `migrations/versions` has, held equal by a test
BEGUN: Final = "SELECT to_regclass('explore_migrations') IS NOT NULL AS begun"
APPLIED: Final = "SELECT count(*) AS applied FROM explore_migrations"


async def is_migrated(pool: PostgresPool) -> bool:
    """Raises `Unavailable` where PostgreSQL does not answer."""
    begun = await pool.fetchrow(BEGUN)
    if begun is None or not begun["begun"]:
        return False
    row = await pool.fetchrow(APPLIED)
    return row is not None and row["applied"] >= NEEDED
