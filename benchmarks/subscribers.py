"""2,000 subscribers to one trending list over WebSocket, on one API process of a demo that lives.

For each change: the time from when the first subscriber had it until the last one had it, or a
later one that covers it. For each of a few events that move the list: the time from when it was
written to Kafka until all had its version. Memory is what the process holds more than before, per
subscriber. The control is the same process's CPU before anyone subscribed.

A demo that runs (``EXPLORE_HTTP_PORT``) has to be started with EXPLORE_TRUSTED_PROXIES=127.0.0.1:
each subscriber has an address of its own, for one address may not ask so often.
"""

import asyncio
import os
import random
import re
import time
from collections.abc import Sequence
from typing import Final

import orjson

from benchmarks._demo import Demo, demo
from benchmarks._load import cpu_seconds, resident_bytes
from benchmarks.event_to_api import step
from domain.identifiers import decode_global_id
from stores.event_codec import EventCodec
from stores.kafka_events import KafkaEvents, KafkaWriter

SUBSCRIBERS: Final = 2_000
OPENING: Final = 20  # handshakes at a time
SECONDS: Final = 20.0
EVENTS: Final = 9
PATIENCE: Final = 30.0
GOAL_REACHED: Final = 1.0  # seconds
GOAL_SPREAD: Final = 1.0  # seconds
GOAL_BYTES: Final = 50_000
MASK: Final = b"\0\0\0\0"  # a mask of zeros is a mask
LARGE: Final = 126
HUGE: Final = 127
TEXT: Final = 1
PING: Final = 9
PONG: Final = 10
VERSION: Final = re.compile(rb'"version":(\d+)')
HANDSHAKE: Final = (
    "GET /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
    "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "sec-websocket-protocol: graphql-transport-ws\r\nx-forwarded-for: {address}\r\n\r\n"
)
QUERY: Final = (
    b'{"id":"1","type":"subscribe","payload":{"query":"subscription {'
    b" trendingUpdates(window: HOUR) { version reset entered"
    b" { rank score node { id title text creator { handle } } }"
    b' moved { id from to } left } }"}}'
)
Arrivals = list[tuple[int, float]]  # versions that one subscriber got, and when


def main() -> None:
    os.environ["EXPLORE_TRUSTED_PROXIES"] = "127.0.0.1"  # of the demo that is started
    with demo() as running:
        asyncio.run(_measure(running))


async def _measure(running: Demo) -> None:
    port, pid = running.port, running.server
    idle = cpu_seconds(pid)
    await asyncio.sleep(SECONDS / 4)
    idle = (cpu_seconds(pid) - idle) / SECONDS * 4
    arrivals: list[Arrivals] = [[] for _ in range(SUBSCRIBERS)]
    opened: list[Subscriber] = []
    memory = resident_bytes(pid)
    for start in range(0, SUBSCRIBERS, OPENING):
        numbers = range(start, start + OPENING)
        opened += await asyncio.gather(*(Subscriber.open(port, one) for one in numbers))
    grown = (resident_bytes(pid) - memory) / SUBSCRIBERS
    listening = [
        asyncio.ensure_future(one.listen(own)) for one, own in zip(opened, arrivals, strict=True)
    ]
    before = cpu_seconds(pid)
    await asyncio.sleep(SECONDS)
    spent = (cpu_seconds(pid) - before) / SECONDS
    reached = await _events_to_all(running, opened[0], arrivals)
    for task in listening:
        task.cancel()
    for one in opened:
        one.close()
    _show(arrivals)
    print(
        f"from {EVENTS} events to all: median {1_000 * reached[EVENTS // 2]:.0f} ms, "
        f"worst {1_000 * reached[-1]:.0f} ms, goal {1_000 * GOAL_REACHED:.0f} ms"
    )
    messages = sum(map(len, arrivals))
    each = (spent - idle) * SECONDS / max(1, messages)
    print(f"memory {grown / 1_000:.1f} KB a subscriber, goal <= {GOAL_BYTES / 1_000:.0f}")
    print(f"CPU {spent:.2f} s a second, {idle:.2f} before anyone subscribed")
    print(f"{messages:,} messages, {1e6 * each:.0f} us of CPU each")


async def _events_to_all(
    running: Demo, witness: "Subscriber", arrivals: Sequence[Arrivals]
) -> list[float]:
    """Seconds from writing an event that lifts the last post of the head until all saw that."""
    settings = running.running.settings
    writer = KafkaWriter(settings["EXPLORE_KAFKA_BOOTSTRAP"], timeout=10.0, idempotent=False)
    events = KafkaEvents(writer, EventCodec())
    reached: list[float] = []
    try:
        for _ in range(EVENTS):
            await asyncio.sleep(random.random())  # at any time between two looks at the list
            last = witness.places[-1]
            lifted = decode_global_id(last)
            if lifted is None:
                raise SystemExit(f"{last} is no post")
            await events.publish([step(lifted.value)])
            written = time.perf_counter()
            version: int | None = None
            while version is None or min(own[-1][0] for own in arrivals) < version:
                if time.perf_counter() - written > PATIENCE:
                    raise SystemExit(f"{last} did not reach all within {PATIENCE:.0f} s")
                await asyncio.sleep(0.005)
                if version is None and witness.places[-1] != last:
                    version = witness.version
            reached.append(time.perf_counter() - written)
    finally:
        await writer.close()
    return sorted(reached)


def _show(arrivals: Sequence[Arrivals]) -> None:
    first: dict[int, float] = {}
    for version, at in sorted(
        (pair for own in arrivals for pair in own), key=lambda pair: pair[1]
    ):
        first.setdefault(version, at)
    covered = min((own[-1][0] for own in arrivals if own), default=-1)
    if not all(arrivals):
        raise SystemExit(f"{sum(not own for own in arrivals)} subscribers got nothing")
    spreads = sorted(
        max(next(at for held, at in own if held >= version) for own in arrivals) - began
        for version, began in first.items()
        if version <= covered
    )
    print(f"{len(spreads)} changes reached all {len(arrivals):,} subscribers")
    print(
        f"first to last: median {1_000 * spreads[len(spreads) // 2]:.0f} ms, "
        f"worst {1_000 * spreads[-1]:.0f} ms, goal {1_000 * GOAL_SPREAD:.0f} ms"
    )


class Subscriber:
    """`places` are the ids of the head, kept by `follow`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.places: list[str] = []
        self.version = 0

    @classmethod
    async def open(cls, port: int, number: int) -> "Subscriber":
        """A connection, from an address of its own, that has received the whole head."""
        one = cls(*await asyncio.open_connection("127.0.0.1", port))
        address = f"10.0.{number // 250}.{number % 250}"
        one._writer.write(HANDSHAKE.format(address=address).encode())
        await one._reader.readuntil(b"\r\n\r\n")
        one._send(b'{"type":"connection_init"}')
        await one._receive()
        one._send(QUERY)
        first = await one._receive()
        if b'"reset":true' not in first:
            raise SystemExit(f"the server answered {first[:300].decode()}")
        if number == 0:
            one._follow(first)
        return one

    async def listen(self, arrivals: Arrivals) -> None:
        while True:
            message = await self._receive()
            found = VERSION.search(message)
            if found:
                arrivals.append((int(found[1]), time.perf_counter()))
                if self.places:
                    self._follow(message)

    def _follow(self, message: bytes) -> None:
        """Apply an update to the places, as clients do."""
        update = orjson.loads(message)["payload"]["data"]["trendingUpdates"]
        gone = {*update["left"], *(one["id"] for one in update["moved"])}
        stay = [] if update["reset"] else [one for one in self.places if one not in gone]
        comers = {one["to"]: one["id"] for one in update["moved"]}
        comers |= {one["rank"]: one["node"]["id"] for one in update["entered"]}
        for rank in sorted(comers):
            stay.insert(rank - 1, comers[rank])
        self.places, self.version = stay, update["version"]

    def close(self) -> None:
        self._writer.close()

    def _send(self, text: bytes) -> None:
        size = bytes([128 + len(text)]) if len(text) < LARGE else b"\xfe" + len(text).to_bytes(2)
        self._writer.write(b"\x81" + size + MASK + text)

    async def _receive(self) -> bytes:
        """The next text message; pings are answered."""
        while True:
            head = await self._reader.readexactly(2)
            length = head[1]
            if length in (LARGE, HUGE):
                length = int.from_bytes(
                    await self._reader.readexactly(2 if length == LARGE else 8)
                )
            body = await self._reader.readexactly(length)
            if head[0] & 15 == TEXT:
                return body
            if head[0] & 15 == PING:
                self._writer.write(bytes([128 + PONG, 128 + len(body)]) + MASK + body)
