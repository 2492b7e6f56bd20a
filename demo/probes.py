"""Probes: whether what listens on a port of this machine really answers.

Each opens a connection of its own and raises `OSError` while nobody listens; the caller sets the
deadline.
"""

import asyncio
import struct
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from demo.addresses import in_url
from demo.children import Probe

HOST = "127.0.0.1"
KAFKA_API_VERSIONS = 18
EVERY = 0.02  # seconds
LONGEST = 2.0  # seconds


async def answers(probe: Probe) -> bool:
    """Whether the probe succeeds now; what it asks may be absent, silent or confused."""
    try:
        async with asyncio.timeout(LONGEST):
            return await probe()
    except (OSError, TimeoutError):
        return False


async def until(probe: Probe) -> None:
    """Return when the probe succeeds; the caller sets the deadline."""
    while True:
        if await answers(probe):
            return
        await asyncio.sleep(EVERY)


def http(port: int, path: str, host: str = HOST) -> Probe:
    """Ready when a GET of `path` is answered with status 200."""

    async def answers() -> bool:
        request = f"GET {path} HTTP/1.0\r\nHost: {in_url(host)}\r\n\r\n"
        return (await _exchange(port, request.encode(), 12, host)).endswith(b" 200")

    return answers


def redis(port: int) -> Probe:
    """Ready when PING is answered with PONG: not while the data set is being loaded."""

    async def answers() -> bool:
        return await _exchange(port, b"PING\r\n", 5) == b"+PONG"

    return answers


def kafka(port: int) -> Probe:
    """Ready when the broker tells its API versions."""

    async def answers() -> bool:
        correlation = 1
        request = struct.pack(">hhih", KAFKA_API_VERSIONS, 0, correlation, -1)
        answer = await _exchange(port, struct.pack(">i", len(request)) + request, 10)
        return struct.unpack(">ih", answer[4:]) == (correlation, 0)  # no error

    return answers


async def exchange(port: int, request: bytes, host: str = HOST) -> bytes:
    """Send the request and return all that comes until the other side closes."""
    async with _connection(host, port) as (reader, writer):
        writer.write(request)
        await writer.drain()
        return await reader.read()


async def _exchange(port: int, request: bytes, size: int, host: str = HOST) -> bytes:
    """Send the request and return the first `size` bytes of the answer; fewer: none."""
    async with _connection(host, port) as (reader, writer):
        writer.write(request)
        await writer.drain()
        try:
            return await reader.readexactly(size)
        except asyncio.IncompleteReadError as end:
            raise ConnectionResetError from end


@asynccontextmanager
async def _connection(
    host: str, port: int
) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):  # the other side closed first
            await writer.wait_closed()
