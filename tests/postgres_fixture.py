"""A migrated database of one's own, and a pool on it."""

from collections.abc import AsyncGenerator

import pytest

from migrations.files import read_migrations
from migrations.upgrade import upgrade
from stores.postgres_pool import PostgresPool, open_pool
from tests.engines_fixture import Databases


async def migrate(dsn: str) -> None:
    await upgrade(dsn, read_migrations(), lambda _line: None)


@pytest.fixture
async def migrated_database(new_database: Databases) -> str:
    """The address of a database with all tables, empty."""
    return await new_database("migrated", migrate)


@pytest.fixture
async def postgres(migrated_database: str) -> AsyncGenerator[PostgresPool, None]:
    pool = await open_pool(migrated_database, timeout=5.0, size=4)
    yield pool
    await pool.close()
