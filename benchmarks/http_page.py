"""The For You page of 20 by stored document, over HTTP: personalized, ranked, on a demo world.

The API process has one core to itself, load and engines have the others; all answers are checked
for ``errors``. ``EXPLORE_HTTP_PORT`` names a demo that runs (``python -m demo env``); else one is
started. The control is the same page from the same Redis in Strawberry as its documentation shows
it (``_stock_server``), on the same core.
"""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from benchmarks._demo import Demo, demo
from benchmarks._load import Load, Requests, closed, cpu_seconds, paced, post
from benchmarks._stock_server import PAGE
from demo.ports import random_free
from demo.world.world import VIEWERS
from server.manifests import read_manifest
from server.own_documents import MANIFEST

CONCURRENCY: Final = 16
WARM_UP: Final = 3.0  # seconds
SECONDS: Final = 8.0
GOAL_CPU: Final = 0.0015  # seconds of CPU a request
GOAL_P95: Final = 0.020  # seconds at half the highest rate
GOAL_RATIO: Final = 8.0
CORES: Final = sorted(os.sched_getaffinity(0))  # before anything is set apart


def main() -> None:
    with demo("--no-simulator") as running:
        tokens = running.tokens(viewers())
        set_apart(running.server, running.others())
        ours = asyncio.run(measure(running.port, running.server, explore_requests(tokens)))
        with stock_server(running) as stock:
            set_apart(stock.pid, [running.server, *running.others()])
            control = asyncio.run(measure(stock.port, stock.pid, stock_requests(tokens)))
    for name, found in (("this API", ours), ("stock Strawberry", control)):
        print(f"{name}: {1_000 * found.cpu:.2f} ms of CPU a request, idle {found.idle:.1%}")
        show("highest rate", found.most)
        show("half of it", found.half)
    print(f"ratio {control.cpu / ours.cpu:.1f}, goal at least {GOAL_RATIO:.0f}")
    print(f"goals: CPU {1_000 * GOAL_CPU} ms, p95 at half {1_000 * GOAL_P95:.0f} ms")


@dataclass(frozen=True, slots=True)
class Measured:
    """`cpu` in seconds a request at the highest rate, without `idle`, seconds a second."""

    cpu: float
    idle: float
    most: Load
    half: Load


@dataclass(frozen=True, slots=True)
class Stock:
    port: int
    pid: int


@contextmanager
def stock_server(running: Demo) -> Generator[Stock]:
    """The control, on the demo's Redis and with its keys."""
    settings, port = running.running.settings, random_free((0,), ())
    names = ("REDIS_URL", "JWKS", "JWT_ISSUER", "JWT_AUDIENCE")
    arguments = (str(port), *(settings[f"EXPLORE_{name}"] for name in names))
    command = (sys.executable, "-m", "benchmarks._stock_server", *arguments)
    with subprocess.Popen(command) as process:  # noqa: S603 - our own module
        try:
            while not _answers(port):
                time.sleep(0.1)
            yield Stock(port, process.pid)
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def viewers() -> list[str]:
    """The readers of the demo world: they have histories."""
    return [f"v-{number:04}" for number in range(VIEWERS)]


def explore_requests(tokens: Sequence[str]) -> list[bytes]:
    texts = read_manifest(MANIFEST.read_bytes())
    document = next(key for key, text in texts.items() if text.startswith("query Explore("))
    body = orjson.dumps({"documentId": document, "variables": {"first": 20}})
    return [post(body, token=token) for token in tokens]


def stock_requests(tokens: Sequence[str]) -> list[bytes]:
    body = orjson.dumps({"query": PAGE, "variables": {"first": 20}})
    return [post(body, token=token) for token in tokens]


def set_apart(pid: int, others: Sequence[int]) -> None:
    """Give the process the last core; this one and the others keep to the rest."""
    _pin(pid, CORES[-1:])
    if len(CORES) > 1:
        for other in (os.getpid(), *others):
            _pin(other, CORES[:-1])


def _pin(pid: int, cores: Sequence[int]) -> None:
    """Keep a process, all its threads, to some cores; one that is gone needs none."""
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            os.sched_setaffinity(int(task.name), cores)


async def measure(port: int, pid: int, prepared: Sequence[bytes]) -> Measured:
    requests = Requests(prepared)
    before = cpu_seconds(pid)
    await asyncio.sleep(WARM_UP)
    idle = (cpu_seconds(pid) - before) / WARM_UP
    await closed(port, requests, concurrency=CONCURRENCY, seconds=WARM_UP)
    before = cpu_seconds(pid)
    most = await closed(port, requests, concurrency=CONCURRENCY, seconds=SECONDS)
    each = (cpu_seconds(pid) - before - idle * most.seconds) / len(most.times)
    half = await paced(
        port, requests, rate=most.rate / 2, concurrency=4 * CONCURRENCY, seconds=SECONDS
    )
    return Measured(each, idle, most, half)


def show(name: str, load: Load) -> None:
    cuts = "  ".join(f"p{p} {1_000 * load.percentile(p):6.2f} ms" for p in (50, 95, 99))
    print(f"{name:14} {load.rate:6.0f}/s   {cuts}")
