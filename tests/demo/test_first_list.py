"""The gate of the demo: open once the explore page has a post, not because something answers."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from demo.first_list import first_list

HOST = "127.0.0.1"
POST = b'{"data":{"explore":{"edges":[{"node":{"id":"p"}}]}}}'
NOTHING = b'{"data":{"explore":{"edges":[]}}}'

pytestmark = pytest.mark.integration  # loopback connections, no engines


@asynccontextmanager
async def answering(status: bytes, body: bytes) -> AsyncGenerator[tuple[int, list[bytes]]]:
    """A server that says one thing; its port, and what it was asked."""
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 " + status + b"\r\n\r\n" + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, HOST, 0) as server:
        yield server.sockets[0].getsockname()[1], asked


@pytest.mark.parametrize(
    ("status", "body", "is_open"),
    [
        (b"200 OK", POST, True),
        (b"200 OK", NOTHING, False),
        (b"200 OK", b'{"errors":[]}', False),
        (b"503 Service Unavailable", b"starting", False),
        (b"429 Too Many Requests", POST, False),
    ],
)
async def test_only_a_page_with_a_post_opens_the_gate(
    status: bytes, body: bytes, *, is_open: bool
) -> None:
    async with answering(status, body) as (port, asked):
        assert await first_list(port, HOST)() is is_open
    (request,) = asked
    assert request.startswith(b"GET /graphql?documentId=sha256%3A")
