"""A migrated database of one's own, and pools on it: its owner's, the API's, the consumers'."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

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
    async with _opened(migrated_database) as pool:
        yield pool


@pytest.fixture
async def postgres_of_api(migrated_database: str) -> AsyncGenerator[PostgresPool, None]:
    """With no more rights than the API has in production."""
    async with _opened(_as_role(migrated_database, "explore_api")) as pool:
        yield pool


@pytest.fixture
async def postgres_of_worker(migrated_database: str) -> AsyncGenerator[PostgresPool, None]:
    """With no more rights than the consumers have in production."""
    async with _opened(_as_role(migrated_database, "explore_worker")) as pool:
        yield pool


@asynccontextmanager
async def _opened(dsn: str) -> AsyncGenerator[PostgresPool, None]:
    pool = await open_pool(dsn, timeout=5.0, size=4)
    try:
        yield pool
    finally:
        await pool.close()


def _as_role(dsn: str, role: str) -> str:
    """The address that gives up all rights but the role's."""
    return f"{dsn}{'&' if '?' in dsn else '?'}role={role}"
