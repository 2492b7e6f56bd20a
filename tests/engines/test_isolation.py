"""The fixtures give each test a corner of its own."""

import asyncpg
import pytest

from tests.closed_sockets import NetworkIsClosed
from tests.engines.commands import connected
from tests.engines_fixture import Databases, Engines


@pytest.mark.integration
async def test_databases_are_copies_of_a_template_made_once(new_database: Databases) -> None:
    prepared: list[str] = []

    async def prepare(dsn: str) -> None:
        prepared.append(dsn)
        connection = await asyncpg.connect(dsn)
        await connection.execute("create table things (name text)")
        await connection.close()

    first = await new_database("things", prepare)
    second = await new_database("things", prepare)
    assert len(prepared) == 1
    assert first != second
    for dsn in (first, second):
        connection = await asyncpg.connect(dsn)
        assert await connection.fetch("select * from things") == []
        await connection.execute("insert into things values ('one')")
        await connection.close()


@pytest.mark.integration
async def test_an_empty_database_is_empty(database: str) -> None:
    connection = await asyncpg.connect(database)
    tables = "select count(*) from pg_tables where schemaname = 'public'"
    assert await connection.fetchval(tables) == 0
    await connection.close()


@pytest.mark.integration
@pytest.mark.parametrize("time", ["first", "second"])
async def test_redis_is_emptied_for_each_test(redis_url: str, time: str) -> None:
    async with connected(redis_url) as client:
        assert await client("DBSIZE") == 0
        await client("SET", "key", time)


async def test_a_unit_test_cannot_reach_the_network() -> None:
    with pytest.raises(NetworkIsClosed):
        await asyncpg.connect("postgresql://explore@127.0.0.1:1/explore")


@pytest.mark.integration
def test_the_settings_of_the_engines_lead_a_process_to_them(engines: Engines) -> None:
    assert sorted(engines.environment()) == [
        "EXPLORE_KAFKA_BOOTSTRAP",
        "EXPLORE_OPENSEARCH_URL",
        "EXPLORE_POSTGRES_DSN",
        "EXPLORE_REDIS_URL",
    ]
