"""The importer's sides that touch engines: its progress, the backlog, and its refusals."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from consumers.wiring import consumers
from domain.events import EngagementType, EngagementUpdated
from importer.progress import Progress, RedisProgress
from importer.readers import READERS
from stores.event_codec import EventCodec
from stores.kafka_backlog import KafkaBacklog
from stores.kafka_events import KafkaEvents, KafkaWriter
from stores.kafka_topics import create_topics
from stores.redis_client import open_redis
from tests.engines_fixture import Engines
from tests.importer.folders import post_line, write_lines

NOBODY = "127.0.0.1:1"


def _importer(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {"EXPLORE_ENVIRONMENT": "development", **settings}
    clean = {name: value for name, value in os.environ.items() if "EXPLORE_" not in name}
    return subprocess.run(
        (sys.executable, "-m", "importer", str(folder), *arguments),
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.integration
async def test_progress_is_kept_in_redis(redis_url: str) -> None:
    redis = open_redis(redis_url, timeout=2.0)
    store = RedisProgress(redis)
    assert await store.read("digest") is None
    await store.write("digest", Progress(1_700_000_000.5, told=7))
    assert await store.read("digest") == Progress(1_700_000_000.5, told=7)
    await store.write("digest", Progress(None, told=9, complete=True))
    assert await store.read("digest") == Progress(None, told=9, complete=True)
    await redis.close()


@pytest.mark.integration
async def test_the_backlog_of_a_group_is_what_it_has_not_committed(
    engines: Engines, unique: Callable[[str], str]
) -> None:
    await create_topics(engines.kafka_bootstrap, most_partitions=2)
    group, topic = unique("group"), "explore.engagement.updated"
    look = KafkaBacklog(engines.kafka_bootstrap, {group: (topic,)})
    before = (await look.of_groups())[group]
    writer = KafkaWriter(engines.kafka_bootstrap, timeout=10.0, idempotent=False)
    await KafkaEvents(writer, EventCodec()).publish(
        [
            EngagementUpdated(post_id=f"p{n}", type=EngagementType.VIEW, delta=0, timestamp=0)
            for n in range(5)
        ]
    )
    assert (await look.of_groups())[group] == before + 5
    await writer.close()
    await look.close()


def test_a_missing_setting_is_one_line(tmp_path: Path) -> None:
    done = _importer(tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "EXPLORE_KAFKA_BOOTSTRAP is not set: it has no default, give it a value"
    ]


def test_engines_that_do_not_answer_are_one_line(tmp_path: Path) -> None:
    write_lines(tmp_path, "posts.jsonl.gz", [post_line("t:1", "2024-05-01T12:00:00Z")])
    done = _importer(
        tmp_path, EXPLORE_KAFKA_BOOTSTRAP=NOBODY, EXPLORE_REDIS_URL=f"redis://{NOBODY}"
    )
    assert done.returncode == 2
    assert done.stderr == (
        "Kafka (KafkaConnectionError) and Redis (ConnectionError) do not answer: "
        "start them, or correct EXPLORE_KAFKA_BOOTSTRAP and EXPLORE_REDIS_URL\n"
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--rate", "0"), "--rate 0.0 is out of range: use more than 0 or leave it"),
        (("--as-of", "2024-05-01", "--no-shift"), "contradict each other: leave one out"),
        (("--as-of", "soon"), "'soon' is not a time of RFC 3339"),
    ],
)
def test_a_wrong_option_is_named(
    tmp_path: Path, arguments: tuple[str, ...], complaint: str
) -> None:
    done = _importer(tmp_path, *arguments)
    assert done.returncode == 2
    assert complaint in done.stderr


def test_the_import_waits_for_whatever_consumers_declare() -> None:
    declared = {one.group: tuple(topic.name for topic in one.topics) for one in consumers()}
    assert {group: topics for group, topics in declared.items() if topics} == READERS
