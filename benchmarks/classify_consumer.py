"""Posts per second that ``python -m consumers classify`` gets done, texts alone, in one process.

A backlog of posts that nobody has judged, of a title's and of a tweet's length, is in Kafka and in
PostgreSQL before the process starts. From when it has done the first few until it has done all:
reading, standings and accounts from PostgreSQL, classifying, publishing, remembering. The control
is the classifier by itself in this process, over the same texts. Engines as in ``_engines``.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from benchmarks._engines import engines
from benchmarks._processes import cpu_seconds, load, megabytes
from benchmarks.classify import rate_of, texts_of
from benchmarks.engagement import opened, write
from consumers.resources import Resources
from domain.classification import Material
from domain.events import PostIngested
from domain.ports.posts import StoredIngestion
from ml.classifier import Classifier
from ml.models import open_models
from ml.shelf import Shelf
from stores.event_codec import EventCodec
from stores.kafka_batches import Outgoing

POSTS: Final = 2_048  # of each length
BEFORE: Final = 256  # posts that load the models and warm, not measured
AUTHORS: Final = 200
LENGTHS: Final = {"a title": 60, "a tweet": 140}
EVERY: Final = 0.05  # seconds between two looks
PATIENCE: Final = 300.0
CHUNK: Final = 500
GOAL: Final = 100
MOST_MEMORY: Final = 500
DONE: Final = "SELECT count(*) FROM classifications"


def _backlog(texts: Sequence[str], kind: str) -> list[PostIngested]:
    now = time.time()
    return [
        PostIngested(
            post_id=f"bench:{kind.replace(' ', '-')}:{number}",
            author_id=f"author:{number % AUTHORS}",
            content=text,
            created_at=(now - len(texts) + number) * 1_000,
        )
        for number, text in enumerate(texts)
    ]


async def _send(resources: Resources, posts: Sequence[PostIngested]) -> None:
    now, codec = time.time(), EventCodec()
    for first in range(0, len(posts), CHUNK):
        await resources.posts.ingest(
            [StoredIngestion(0, 0, now, one) for one in posts[first : first + CHUNK]]
        )
    await write(resources, [Outgoing(*codec.encode(one)) for one in posts])


@contextmanager
def _classify(environment: Mapping[str, str]) -> Generator["subprocess.Popen[bytes]"]:
    command = (sys.executable, "-m", "consumers", "classify", "--member", "bench")
    quiet = {"EXPLORE_ENVIRONMENT": "development", "EXPLORE_LOG_LEVEL": "ERROR"}
    with subprocess.Popen(command, env={**os.environ, **environment, **quiet}) as process:  # noqa: S603 - our own module
        try:
            yield process
        finally:
            process.terminate()


async def _until(resources: Resources, process: "subprocess.Popen[bytes]", goal: int) -> int:
    """How many posts are done, as soon as these are."""
    late = time.monotonic() + PATIENCE
    while time.monotonic() < late and process.poll() is None:
        (row,) = await resources.postgres.fetch(DONE)
        if row["count"] >= goal:
            return int(row["count"])
        await asyncio.sleep(EVERY)
    raise SystemExit(f"classify did not get {goal:,} posts done: status {process.poll()}")


async def _measure(environment: Mapping[str, str]) -> None:
    resources = await opened(environment)
    models, _ = open_models(Shelf())
    done = 0
    for kind, length in LENGTHS.items():
        texts = texts_of(length, POSTS)
        await _send(resources, _backlog(texts, kind))
        with _classify(environment) as process:
            first = await _until(resources, process, done + BEFORE)
            began, worked = time.perf_counter(), cpu_seconds(process.pid)
            done = await _until(resources, process, done + POSTS)
            elapsed, cpu = time.perf_counter() - began, cpu_seconds(process.pid) - worked
            memory = megabytes(process.pid, "VmHWM")
        posts = done - first
        alone = rate_of(Classifier(models), [Material(text=text) for text in texts[:BEFORE]])
        print(
            f"{kind:10} {posts / elapsed:6.0f} posts/s (goal {GOAL}), "
            f"{1_000 * cpu / posts:5.1f} ms of CPU a post, of which the classifier "
            f"{1_000 / alone:5.1f}; at most {memory:4.0f} MB (goal {MOST_MEMORY}); {load()}"
        )
    await resources.close()


def main() -> None:
    with engines() as environment:
        asyncio.run(_measure(environment))
