"""What the product relies on in PostgreSQL, and how the embedded one is run."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import asyncpg
import pytest

from demo import ports
from demo.engines.postgres import Postgres, dsn
from demo.engines.unprivileged import (
    NOBODY,
    NeedsAnOrdinaryUser,
    as_nobody,
    in_namespace,
    unprivileged,
)
from tests.engines.private_engine import running

pytestmark = pytest.mark.integration
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="is about running as root")


@pytest.fixture
async def connection(database: str) -> AsyncGenerator[asyncpg.Connection, None]:
    connection = await asyncpg.connect(database)
    yield connection
    await connection.close()


@pytest.fixture
def port() -> int:
    return ports.random_free((0,), ())


async def test_it_is_new_enough(connection: asyncpg.Connection) -> None:
    assert connection.get_server_version().major >= 16


async def test_vectors_are_ordered_by_cosine_distance(connection: asyncpg.Connection) -> None:
    await connection.execute("create extension vector")
    await connection.execute("create table things (name text, place vector(2))")
    await connection.execute("create index on things using hnsw (place vector_cosine_ops)")
    await connection.execute(
        "insert into things values ('east', '[1,0]'), ('north', '[0,1]'), ('west', '[-1,0]')"
    )
    nearest = "select name from things order by place <=> '[1,0.1]' limit 2"
    assert [row["name"] for row in await connection.fetch(nearest)] == ["east", "north"]


async def test_trigrams_find_misspelt_words(connection: asyncpg.Connection) -> None:
    await connection.execute("create extension pg_trgm")
    assert await connection.fetchval("select similarity('gardening', 'gardning') > 0.5")
    assert await connection.fetchval("select word_similarity('gard', 'my garden') > 0.5")


async def test_accents_can_be_folded(connection: asyncpg.Connection) -> None:
    await connection.execute("create extension unaccent")
    assert await connection.fetchval("select unaccent('Crème brûlée')") == "Creme brulee"


async def test_full_text_columns_are_generated(connection: asyncpg.Connection) -> None:
    await connection.execute(
        "create table posts (body text,"
        " words tsvector generated always as (to_tsvector('english', body)) stored)"
    )
    await connection.execute("insert into posts values ('Ten gardens'), ('A sea')")
    found = "select body from posts where words @@ websearch_to_tsquery('english', 'garden')"
    assert await connection.fetchval(found) == "Ten gardens"


async def test_a_statement_ends_at_its_timeout(connection: asyncpg.Connection) -> None:
    await connection.execute("set statement_timeout = '20ms'")
    with pytest.raises(asyncpg.QueryCanceledError):
        await connection.execute("select pg_sleep(5)")


async def count_after_a_kill(folder: Path, port: int, engine: Postgres) -> int:
    async with running(engine, port) as process:
        connection = await asyncpg.connect(dsn(port, "explore"))
        await connection.execute("create table kept (name text)")
        await connection.execute("insert into kept values ('one')")
        process.kill()
        await process.wait()
        connection.terminate()
    assert (folder / "postgres" / "postmaster.pid").exists()
    async with running(engine, port):
        connection = await asyncpg.connect(dsn(port, "explore"))
        count = await connection.fetchval("select count(*) from kept")
        await connection.close()
    return count


async def test_what_was_committed_survives_a_kill(tmp_path: Path, port: int) -> None:
    engine = Postgres(tmp_path, throw_away=False)
    assert await count_after_a_kill(tmp_path, port, engine) == 1


@root_only
async def test_root_can_run_it_as_nobody(tmp_path: Path, port: int) -> None:
    # pytest's folder is closed to others; it is passed all the same.
    engine = Postgres(tmp_path, throw_away=True, how=as_nobody(signal.SIGINT))
    assert await count_after_a_kill(tmp_path, port, engine) == 1
    assert (tmp_path / "postgres").stat().st_uid == NOBODY


@root_only
async def test_the_data_follow_when_root_runs_it_in_another_way(tmp_path: Path, port: int) -> None:
    for way in (as_nobody(signal.SIGINT), in_namespace(), as_nobody(signal.SIGINT)):
        async with running(Postgres(tmp_path, throw_away=True, how=way), port):
            assert (tmp_path / "postgres").stat().st_uid == way.owner


@root_only
def test_root_without_the_means_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NeedsAnOrdinaryUser, match="run the demo as another user, or install"):
        unprivileged(signal.SIGINT)


@pytest.fixture
def other_program() -> Generator[int, None, None]:
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process.pid
        process.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_a_lock_whose_number_is_another_programs_is_no_hindrance(
    tmp_path: Path, port: int, other_program: int
) -> None:
    engine = Postgres(tmp_path, throw_away=True)
    async with running(engine, port):
        lock = (tmp_path / "postgres" / "postmaster.pid").read_text()
    stale = "\n".join([str(other_program), *lock.split("\n")[1:]])
    (tmp_path / "postgres" / "postmaster.pid").write_text(stale)
    async with running(engine, port):
        connection = await asyncpg.connect(dsn(port, "explore"))
        await connection.close()


async def test_an_interrupted_first_start_is_begun_again(tmp_path: Path, port: int) -> None:
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    async with running(Postgres(tmp_path, throw_away=True), port):
        assert not half.exists()
