"""Consumers do not begin before everything is there; what is missing is told in one line."""

import asyncio
import os
import subprocess
import sys

import pytest

from consumers import starting
from consumers.resources import Resources
from consumers.starting import known_partitions
from domain.topics import TOPICS
from runtime.clock import SystemClock
from runtime.metrics import Metrics
from runtime.settings import load_settings
from stores.answering import NoAnswer
from stores.kafka_topics import create_topics
from tests.engines_fixture import Engines

NOBODY = "127.0.0.1:1"
DEAD = {
    "EXPLORE_ENVIRONMENT": "production",
    "EXPLORE_POSTGRES_DSN": f"postgresql://explore@{NOBODY}/explore",
    "EXPLORE_REDIS_URL": f"redis://{NOBODY}",
    "EXPLORE_KAFKA_BOOTSTRAP": NOBODY,
    "EXPLORE_OPENSEARCH_URL": f"http://{NOBODY}",
}
pytestmark = pytest.mark.integration


async def _resources(environment: dict[str, str]) -> Resources:
    return await Resources.open(load_settings(environment), SystemClock(), Metrics.create())


async def test_dead_engines_are_named_at_once(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(starting, "START", 0.5)
    resources = await _resources(DEAD)
    with pytest.raises(NoAnswer) as caught:
        await known_partitions(resources, asyncio.Event())
    await resources.close()
    assert caught.value.remedy == (
        "start them, or correct "
        "EXPLORE_KAFKA_BOOTSTRAP, EXPLORE_REDIS_URL and EXPLORE_POSTGRES_DSN"
    )
    assert capfd.readouterr() == ("", "")


async def test_a_signal_ends_the_waiting() -> None:
    resources = await _resources(DEAD)
    stopping = asyncio.Event()
    asyncio.get_running_loop().call_later(0.05, stopping.set)
    async with asyncio.timeout(5.0):
        assert await known_partitions(resources, stopping) == {}
    await resources.close()


async def test_a_database_that_nobody_migrated_is_refused_before_any_record_is_read(
    engines: Engines, database: str
) -> None:
    await create_topics(engines.kafka_bootstrap, most_partitions=2)
    clean = {name: value for name, value in os.environ.items() if "EXPLORE_" not in name}
    own = {"EXPLORE_ENVIRONMENT": "production", "EXPLORE_POSTGRES_DSN": database}
    done = await asyncio.to_thread(
        subprocess.run,
        (sys.executable, "-m", "consumers", "posts"),
        env=clean | engines.environment() | own,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == "the database is not migrated: run `python -m migrations upgrade`\n"
    assert done.stdout == ""


async def test_all_partitions_are_known_where_everything_is_there(
    engines: Engines, migrated_database: str
) -> None:
    own = {"EXPLORE_ENVIRONMENT": "development", "EXPLORE_POSTGRES_DSN": migrated_database}
    resources = await _resources(engines.environment() | own)
    counts = await known_partitions(resources, asyncio.Event())
    await resources.close()
    assert set(counts) == {topic.name for topic in TOPICS}
