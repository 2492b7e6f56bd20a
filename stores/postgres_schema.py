"""Whether the database is as new as this code needs it."""

from typing import Final

from runtime.start import CannotStart
from stores.postgres_pool import PostgresPool

NEEDED: Final = 16  # how many files `migrations/versions` has, held equal by a test
BEGUN: Final = "SELECT to_regclass('explore_migrations') IS NOT NULL AS begun"
APPLIED: Final = "SELECT count(*) AS applied FROM explore_migrations"


async def is_migrated(pool: PostgresPool) -> bool:
    """Raises `Unavailable` where PostgreSQL does not answer."""
    begun = await pool.fetchrow(BEGUN)
    if begun is None or not begun["begun"]:
        return False
    row = await pool.fetchrow(APPLIED)
    return row is not None and row["applied"] >= NEEDED


async def require_migrated(pool: PostgresPool) -> None:
    """Return if it is.

    Raises:
        CannotStart: it is not.
        Unavailable: PostgreSQL does not answer.

    """
    if not await is_migrated(pool):
        raise CannotStart("the database is not migrated", "run `python -m migrations upgrade`")
