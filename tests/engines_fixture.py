"""The engines of a test session, started once, and isolated corners of them for each test.

`EXPLORE_TEST_ENGINES=real` takes Apache Kafka and OpenSearch instead of the embedded look-alikes;
an engine whose own setting is given (`EXPLORE_POSTGRES_DSN`, ...) is used and not started.
"""

import os
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import msgspec
import pytest
from redis.asyncio import Redis

from demo.engines.selection import Kind
from demo.tether import tethered

START_SECONDS = 900  # the real engines may have to be fetched
STOP_SECONDS = 15
TEMPLATE = re.compile(r"[a-z_]+")

Prepare = Callable[[str], Awaitable[None]]
Databases = Callable[..., Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Engines:
    """Where the engines of this session are, and of which kind Kafka and OpenSearch are."""

    postgres_dsn: str
    redis_url: str
    kafka_bootstrap: str
    opensearch_url: str
    kind: Kind

    def environment(self) -> dict[str, str]:
        """The settings that lead a process of ours to them."""
        return {
            "EXPLORE_POSTGRES_DSN": self.postgres_dsn,
            "EXPLORE_REDIS_URL": self.redis_url,
            "EXPLORE_KAFKA_BOOTSTRAP": self.kafka_bootstrap,
            "EXPLORE_OPENSEARCH_URL": self.opensearch_url,
        }


@pytest.fixture(scope="session")
def engines() -> Generator[Engines, None, None]:
    """All four engines, for the whole session; they end with it, even if it is killed."""
    kind = Kind(os.environ.get("EXPLORE_TEST_ENGINES") or Kind.EMBEDDED)
    command = (sys.executable, "-m", "demo.engines", "--engines", kind)
    with subprocess.Popen(
        tethered(command, signal.SIGTERM),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONWARNINGS": "default"},
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()  # ends when all are ready, or with the process
        if not line:
            pytest.fail(f"the engines did not start: status {process.wait(STOP_SECONDS)}")
        settings = msgspec.json.decode(line, type=dict[str, str])
        try:
            yield Engines(
                postgres_dsn=settings["EXPLORE_POSTGRES_DSN"],
                redis_url=settings["EXPLORE_REDIS_URL"],
                kafka_bootstrap=settings["EXPLORE_KAFKA_BOOTSTRAP"],
                opensearch_url=settings["EXPLORE_OPENSEARCH_URL"],
                kind=kind,
            )
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(STOP_SECONDS) == 0


@pytest.fixture(scope="session")
def template_names() -> set[str]:
    """The template databases that this session has made."""
    return set()


@pytest.fixture
async def new_database(
    engines: Engines, template_names: set[str]
) -> AsyncGenerator[Databases, None]:
    """A maker of databases that are dropped when the test ends.

    `await new_database()` returns the address of an empty one;
    `await new_database("migrated", prepare)` copies the template `migrated`, which is made once
    per session by awaiting `prepare(dsn)` on an empty database.
    """
    made: list[str] = []

    async def make(template: str = "", prepare: Prepare | None = None) -> str:
        source = "template1"
        if prepare is not None:
            assert TEMPLATE.fullmatch(template)
            source = f"test_template_{template}"
            if source not in template_names:
                await _execute(
                    engines.postgres_dsn, f"drop database if exists {source} with (force)"
                )
                await _execute(engines.postgres_dsn, f"create database {source}")
                await prepare(_in_database(engines.postgres_dsn, source))
                template_names.add(source)
        name = f"test_{secrets.token_hex(6)}"
        await _execute(engines.postgres_dsn, f"create database {name} template {source}")
        made.append(name)
        return _in_database(engines.postgres_dsn, name)

    yield make
    for name in made:
        await _execute(engines.postgres_dsn, f"drop database if exists {name} with (force)")


@pytest.fixture
async def database(new_database: Databases) -> str:
    """The address of an empty database."""
    return await new_database()


@pytest.fixture
async def redis_url(engines: Engines) -> str:
    """The address of the Redis, emptied, scripts included."""
    async with Redis.from_url(engines.redis_url) as client:  # pyright: ignore[reportUnknownMemberType] - untyped options
        for command in ("FLUSHALL", "SCRIPT FLUSH"):
            await client.execute_command(command)  # pyright: ignore[reportUnknownMemberType] - untyped options
    return engines.redis_url


@pytest.fixture
def unique() -> Callable[[str], str]:
    """Make a name that no other test uses: for topics, consumer groups and indices."""
    return lambda name: f"{name}-{secrets.token_hex(6)}"


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _in_database(dsn: str, name: str) -> str:
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))
