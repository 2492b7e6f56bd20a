"""From an event in Kafka to a ``trending`` answer that shows it, while 500 events/s come in.

A counter of a post that trends steps by a number of its own; the answer is asked for until the
post's likes show it. The control is the time that the question itself takes.
``EXPLORE_HTTP_PORT`` names a running demo, else one is started.
"""

import asyncio
import time
from collections.abc import Mapping
from itertools import cycle
from random import Random
from typing import Any, Final

import httpx
import numpy as np

from benchmarks._demo import Demo, demo
from domain.events import EngagementType, EngagementUpdated
from domain.identifiers import decode_global_id
from stores.event_codec import EventCodec
from stores.kafka_events import KafkaEvents, KafkaWriter

PROBES: Final = 100
RATE: Final = 500
TICK: Final = 0.02  # seconds between two chunks of the load
PAUSE: Final = 0.01  # between two questions
PATIENCE: Final = 10.0
STEP: Final = 1_000_000
QUERY: Final = """{ trending(window: DAY, first: 20) {
  edges { node { id stats { likes } } } } }"""


async def _measure(running: Demo) -> tuple[list[float], list[float]]:
    """Seconds from the acknowledgement to the answer, and for the question alone."""
    writer = KafkaWriter(
        running.running.settings["EXPLORE_KAFKA_BOOTSTRAP"], timeout=10.0, idempotent=False
    )
    events = KafkaEvents(writer, EventCodec())
    tokens = cycle(running.tokens([f"latency-{number}" for number in range(50)]))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{running.port}") as client:

        async def likes() -> Mapping[str, int]:
            return await _ask(client, next(tokens))

        posts = list(await likes())
        load = asyncio.create_task(_load(events, posts))
        shown: list[float] = []
        questions: list[float] = []
        for number in range(PROBES):
            post = posts[number % len(posts)]
            before = (await likes()).get(post, 0)
            await events.publish([step(post)])
            written = time.perf_counter()
            while (await likes()).get(post, 0) < before + STEP:
                if time.perf_counter() - written > PATIENCE:
                    raise SystemExit(f"{post} did not change within {PATIENCE:.0f} s")
                await asyncio.sleep(PAUSE)
            shown.append(time.perf_counter() - written)
            asked = time.perf_counter()
            await likes()
            questions.append(time.perf_counter() - asked)
        load.cancel()
    await writer.close()
    return shown, questions


async def _ask(client: httpx.AsyncClient, token: str) -> Mapping[str, int]:
    """The likes of each post of the list."""
    headers = {"authorization": f"Bearer {token}"}
    answer = await client.post("/graphql", json={"query": QUERY}, headers=headers)
    data: dict[str, Any] = answer.json()
    if "errors" in data:
        raise SystemExit(f"the API answered {data['errors']}")
    nodes = [edge["node"] for edge in data["data"]["trending"]["edges"]]
    found = {decode_global_id(one["id"]): one["stats"]["likes"] for one in nodes}
    return {one.value: count for one, count in found.items() if one is not None}


async def _load(events: KafkaEvents, posts: list[str]) -> None:
    """Views and likes of many people, at an even rate, until cancelled."""
    random, began, written = Random(1), time.perf_counter(), 0
    while True:
        due = round((time.perf_counter() - began) * RATE) - written
        await events.publish([_reaction(random, random.choice(posts)) for _ in range(due)])
        written += due
        await asyncio.sleep(TICK)


def _reaction(random: Random, post: str) -> EngagementUpdated:
    return EngagementUpdated(
        post_id=post,
        type=random.choice([*[EngagementType.VIEW] * 4, EngagementType.LIKE]),
        delta=1,
        timestamp=time.time() * 1_000,
        user_id=f"load-{random.randrange(5_000)}",
    )


def step(post: str) -> EngagementUpdated:
    return EngagementUpdated(
        post_id=post, type=EngagementType.LIKE, delta=STEP, timestamp=time.time() * 1_000
    )


def main() -> None:
    with demo("--no-simulator") as running:
        found, questions = asyncio.run(_measure(running))
    print(f"{PROBES} events at {RATE} events/s, milliseconds")
    print(f"{'':24}{'p50':>8}{'p95':>8}{'p99':>8}")
    for name, times in (("event to answer", found), ("control: the question", questions)):
        shown = "".join(f"{1_000 * one:8.0f}" for one in np.percentile(times, (50, 95, 99)))
        print(f"{name:24}{shown}")
    print("goal: p95 500, p99 1000")
