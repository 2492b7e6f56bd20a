"""The declarations of consumers, and a process that cannot start."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from consumers.batches import Batch, Received
from consumers.periodic import Periodic
from consumers.registry import BadDeclaration, Built, Consumer, check_built, checked
from consumers.resources import Resources
from consumers.wiring import consumers
from domain.topics import DEAD_LETTERS, POST_INGESTED, USER_UPDATED, Topic
from tests.engines_fixture import Engines

ROOT = Path(__file__).resolve().parents[2]


def nothing(_resources: Resources) -> Built:
    return Built(None)


async def idle() -> None:
    return


class Quiet:
    fenced_topic = USER_UPDATED.name

    def check(self, received: Received) -> None:
        return

    async def apply(self, batch: Batch) -> None:
        return

    async def open(self, partitions: object) -> Mapping[int, int]:
        return {}

    def release(self) -> None:
        return


def test_the_declared_consumers_are_those_of_the_contract() -> None:
    found = checked(consumers())
    assert list(found) == [
        "posts",
        "classify",
        "moderation",
        "engagement",
        "interests",
        "index",
        "hashtags",
        "erase",
        "materialize",
    ]
    assert {consumer.group for consumer in found.values()} >= {"explore-posts", "explore-index"}


@pytest.mark.parametrize(
    ("declared", "problem"),
    [
        ((Consumer("a", (), nothing), Consumer("a", (), nothing)), "name that is taken"),
        ((Consumer("a b", (), nothing),), "unusable"),
        ((Consumer("a", (DEAD_LETTERS,), nothing),), "carries no events"),
        ((Consumer("a", (Topic("own", 1, None, None),), nothing),), "reads own"),
        ((Consumer("a", (POST_INGESTED,), nothing),), "dead nobody buries"),
        ((Consumer("a", (), nothing, (POST_INGESTED,)),), "may not bury"),
        (
            tuple(Consumer(name, (POST_INGESTED,), nothing, (POST_INGESTED,)) for name in "ab"),
            "b may not bury",
        ),
    ],
)
def test_a_bad_declaration_stops_the_start(declared: tuple[Consumer, ...], problem: str) -> None:
    with pytest.raises(BadDeclaration, match=problem):
        checked(declared)


@pytest.mark.parametrize(
    ("topics", "built", "problem"),
    [
        ((POST_INGESTED,), Built(None), "without a handler"),
        ((), Built(Quiet()), "without a handler"),
        ((POST_INGESTED,), Built(Quiet(), fences=Quiet()), "unread"),
        ((), Built(None), "does nothing"),
    ],
)
def test_what_was_built_must_be_what_was_declared(
    topics: tuple[Topic, ...], built: Built, problem: str
) -> None:
    with pytest.raises(BadDeclaration, match=problem):
        check_built(Consumer("a", topics, nothing), built)


def test_a_consumer_may_work_by_the_clock_alone() -> None:
    check_built(Consumer("a", (), nothing), Built(None, periodic=[Periodic("x", 1.0, idle)]))


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "consumers", *arguments],
        cwd=ROOT,
        env={**_bare(), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _bare() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if "EXPLORE" not in name}


def test_a_missing_setting_is_named_in_one_line() -> None:
    done = run("all")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "EXPLORE_POSTGRES_DSN is not set: it has no default, give it a value"
    ]


def test_an_unknown_consumer_is_refused_with_the_names_there_are() -> None:
    done = run("nobody")
    assert done.returncode == 2
    for name in ("engagement", "topics", "replay-dlq", "rebuild"):
        assert f"'{name}'" in done.stderr


def test_a_command_with_options_of_its_own_comes_first() -> None:
    done = run("--member", "me", "rebuild")
    assert done.returncode == 2
    assert done.stderr.endswith("rebuild comes first and has options of its own: rebuild --help\n")


@contextmanager
def process(engines: Engines, *arguments: str, folder: Path) -> Generator[subprocess.Popen[bytes]]:
    settings = engines.environment() | {
        "EXPLORE_ENVIRONMENT": "development",
        "EXPLORE_CONSUMER_MEMBERSHIP": "sole",
        "EXPLORE_STATIC_LISTS": str(folder / "lists"),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "consumers", *arguments],
        cwd=ROOT,
        env={**_bare(), **settings},
        stderr=subprocess.PIPE,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def answer(port: int, path: str) -> str:
    """What a probe answers, as soon as it does."""
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as found:
                return found.read().decode()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@pytest.mark.integration
def test_a_process_answers_probes_and_ends_when_it_is_told_to(
    engines: Engines, migrated_database: str, tmp_path: Path
) -> None:
    port = free_port()
    ours = replace(engines, postgres_dsn=migrated_database)
    with process(ours, "posts", "--port", str(port), folder=tmp_path) as running:
        assert answer(port, "/livez") == "ok\n"
        assert "explore_events_applied_total" in answer(port, "/metrics")
        running.send_signal(signal.SIGTERM)
        assert running.wait(10) == 0


@pytest.mark.integration
def test_a_port_in_use_is_one_line(
    engines: Engines, migrated_database: str, tmp_path: Path
) -> None:
    ours = replace(engines, postgres_dsn=migrated_database)
    with socket.create_server(("", 0)) as taken:
        port = taken.getsockname()[1]
        with process(ours, "posts", "--port", str(port), folder=tmp_path) as running:
            assert running.wait(40) == 2
            assert running.stderr is not None
            text = running.stderr.read().decode()
    assert f"port {port} is in use: choose another with --port N" in text
