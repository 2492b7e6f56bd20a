"""The pool: one deadline around acquire and query, one error for all outages."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from domain.errors import Unavailable
from runtime.deadlines import within
from stores.postgres_pool import PostgresPool, open_pool

pytestmark = pytest.mark.integration


async def test_nothing_is_connected_before_the_first_call() -> None:
    pool = await open_pool("postgresql://explore@127.0.0.1:1/explore", timeout=1.0)
    with pytest.raises(Unavailable, match="postgresql is unavailable: ConnectionRefusedError"):
        await pool.fetch("SELECT 1")
    with pytest.raises(Unavailable, match="ConnectionRefusedError"):
        await pool.transaction().__aenter__()
    await pool.close()


async def test_an_unknown_database_or_user_is_an_outage(database: str) -> None:
    pool = await open_pool(f"{database}_missing", timeout=1.0)
    with pytest.raises(Unavailable, match="InvalidCatalogNameError"):
        await pool.fetch("SELECT 1")
    await pool.close()


async def test_a_slow_statement_is_cut_by_the_server_and_the_connection_kept(
    database: str,
) -> None:
    pool = await open_pool(database, timeout=0.2, size=1)
    backend = await pool.fetchrow("SELECT pg_backend_pid() AS pid")
    with pytest.raises(Unavailable, match="QueryCanceledError"):
        await pool.fetch("SELECT pg_sleep(5)")
    assert await pool.fetchrow("SELECT pg_backend_pid() AS pid") == backend
    await pool.close()


async def test_waiting_for_a_connection_counts_too(database: str) -> None:
    pool = await open_pool(database, timeout=0.15, size=1)
    await pool.fetch("SELECT 1")
    async with asyncio.TaskGroup() as group:
        group.create_task(_refused(pool, "SELECT pg_sleep(5)"))
        await asyncio.sleep(0)
        began = time.perf_counter()
        await _refused(pool, "SELECT pg_sleep(5)")
        assert time.perf_counter() - began < 1.0
    await pool.close()


async def _fetch(pool: PostgresPool) -> None:
    await pool.fetch("SELECT 1")


async def _write_many(pool: PostgresPool) -> None:
    await pool.executemany("SELECT $1::int", [(1,)])


async def _transact(pool: PostgresPool) -> None:
    async with pool.transaction() as connection:
        await connection.execute("SELECT 1")


@pytest.mark.parametrize("call", [_fetch, _write_many, _transact])
async def test_a_frozen_server_holds_nobody_up(
    database: str, call: Callable[[PostgresPool], Awaitable[None]]
) -> None:
    pool = await open_pool(database, timeout=0.2, size=1)
    backend = await pool.fetchrow("SELECT pg_backend_pid() AS pid")
    assert backend is not None
    os.kill(backend["pid"], signal.SIGSTOP)
    try:
        with pytest.raises(Unavailable, match="too slow"):
            async with asyncio.timeout(5):  # `TimeoutError`, where the call does not end by itself
                await call(pool)
        await call(pool)  # its place is free again
    finally:
        os.kill(backend["pid"], signal.SIGCONT)
    await pool.close()


async def test_a_server_that_freezes_within_a_transaction_holds_nobody_up(database: str) -> None:
    pool = await open_pool(database, timeout=0.2, size=1)
    pid = 0

    async def freeze_it_in_a_transaction() -> None:
        nonlocal pid
        async with pool.transaction() as connection:
            pid = await connection.fetchval("SELECT pg_backend_pid()")
            os.kill(pid, signal.SIGSTOP)
            await connection.execute("SELECT 1")

    try:
        with pytest.raises(Unavailable, match="too slow"):
            async with asyncio.timeout(5):
                await freeze_it_in_a_transaction()
        await _transact(pool)
    finally:
        os.kill(pid, signal.SIGCONT)
    await pool.close()


async def test_a_request_that_is_nearly_over_starts_nothing(postgres: PostgresPool) -> None:
    with within(0.001), pytest.raises(Unavailable, match="too slow"):
        await postgres.fetch("SELECT 1")


async def test_a_read_survives_a_lost_connection_and_a_transaction_says_so(
    migrated_database: str,
) -> None:
    pool = await open_pool(migrated_database, timeout=5.0, size=1)
    other = await asyncpg.connect(migrated_database)
    for _ in range(20):  # the farewell comes before, during or after the next statement
        backend = await pool.fetchrow("SELECT pg_backend_pid() AS pid")
        assert backend is not None
        await other.execute("SELECT pg_terminate_backend($1::int)", backend["pid"])
        assert await pool.fetch("SELECT 1 AS one") == [(1,)]

    async def lose_it_in_a_transaction() -> None:
        async with pool.transaction() as connection:
            pid = await connection.fetchval("SELECT pg_backend_pid()")
            await other.execute("SELECT pg_terminate_backend($1::int)", pid)
            await connection.execute("SELECT 1")

    with pytest.raises(Unavailable):
        await lose_it_in_a_transaction()
    assert await pool.fetch("SELECT 1 AS one") == [(1,)]
    await other.close()
    await pool.close()


async def test_our_own_mistakes_are_not_outages(postgres: PostgresPool) -> None:
    with pytest.raises(asyncpg.UndefinedColumnError):
        await postgres.fetch("SELECT nothing_of_the_kind FROM posts")
    with pytest.raises(asyncpg.DataError):
        await postgres.fetch("SELECT $1::int", "no number")


async def test_a_database_without_tables_or_rights_is_an_outage(
    migrated_database: str, unique: Callable[[str], str]
) -> None:
    role = unique("nobody")
    owner = await asyncpg.connect(migrated_database)
    await owner.execute(f'CREATE ROLE "{role}"')
    pool = await open_pool(migrated_database, timeout=5.0, size=1)
    with pytest.raises(Unavailable, match="UndefinedTableError"):
        await pool.fetch("SELECT * FROM nothing_of_the_kind")

    async def read_as_nobody() -> None:
        async with pool.transaction() as connection:
            await connection.execute(f'SET ROLE "{role}"')
            await connection.execute("SELECT * FROM posts")

    with pytest.raises(Unavailable, match="InsufficientPrivilegeError"):
        await read_as_nobody()
    await pool.close()
    await owner.execute(f'DROP ROLE "{role}"')
    await owner.close()


async def test_options_that_the_server_does_not_know_are_an_outage(database: str) -> None:
    pool = await open_pool(f"{database}?bogus=1", timeout=1.0)
    with pytest.raises(Unavailable, match="UndefinedObjectError"):
        await pool.fetch("SELECT 1")
    await pool.close()


async def test_a_failing_block_writes_nothing(postgres: PostgresPool) -> None:
    async def fail() -> None:
        async with postgres.transaction() as connection:
            await connection.execute("INSERT INTO outbox (topic, event) VALUES ('t', '{}')")
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await postgres.fetch("SELECT * FROM outbox") == []


async def test_a_closed_pool_is_an_outage(database: str) -> None:
    pool = await open_pool(database, timeout=1.0)
    await pool.close()
    await _refused(pool, "SELECT 1")


async def _refused(pool: PostgresPool, query: str) -> None:
    with pytest.raises(Unavailable):
        await pool.fetch(query)
