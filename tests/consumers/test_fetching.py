"""Fetching from a host that may be hostile, over real connections."""

import asyncio
import gzip
from collections.abc import Sequence

import pytest

from consumers.images.fetching import MOST_BYTES, Fetching, resolve
from consumers.images.media_hosts import MediaHosts
from domain.errors import Unavailable
from domain.images import ImageRefused, Refusal
from tests.picture_server import PictureServer, picture_server

pytestmark = pytest.mark.integration

PATIENCE = 5.0
PICTURE = b"\x89PNG and so on"


class Names:
    """A name server: each answer in turn, the last one ever after."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


async def fetch(
    address: str, *hosts: str, names: Names | None = None, patience: float = PATIENCE
) -> bytes:
    allowed = MediaHosts(hosts)
    url = allowed.admitted(address)
    assert url is not None
    fetching = Fetching(allowed, names.resolve if names else resolve, patience)
    return await fetching.fetch(url)


async def refusal(address: str, *hosts: str, names: Names | None = None) -> Refusal:
    with pytest.raises(ImageRefused) as refused:
        await fetch(address, *hosts, names=names)
    return refused.value.reason


async def test_a_picture_of_a_named_host_is_fetched(server: PictureServer) -> None:
    address = server.give("/a.png", PICTURE)
    assert await fetch(address, server.host) == PICTURE
    assert f"Host: {server.host}\r\n" in server.requests[0]
    assert "Accept-Encoding: identity\r\n" in server.requests[0]
    assert "Cookie" not in server.requests[0]
    assert "Authorization" not in server.requests[0]


async def test_a_name_is_resolved_once_and_connected_to_under_its_name(
    server: PictureServer,
) -> None:
    server.give("/a.png", PICTURE)
    host = f"img.example:{server.port}"
    rebinding = Names(["127.0.0.1"], ["169.254.169.254"])
    assert await fetch(f"http://{host}/a.png", host, names=rebinding) == PICTURE
    assert rebinding.asked == 1
    assert f"Host: {host}\r\n" in server.requests[0]


async def test_each_try_judges_anew(server: PictureServer) -> None:
    """The second try's address is not the first one's: it is judged, too."""
    host = f"img.example:{server.port}"
    server.give("/a.png", PICTURE, "503 Service Unavailable")
    rebinding = Names(["127.0.0.1"], ["169.254.169.254"])
    assert await refusal(f"http://{host}/a.png", host, names=rebinding) is Refusal.ADDRESS
    assert server.connections == 1


@pytest.mark.parametrize(
    "addresses",
    [
        ["0.0.0.0"],  # noqa: S104 - to be refused
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["192.168.0.1"],
        ["::"],
        ["::ffff:127.0.0.1"],
        ["::ffff:169.254.169.254"],
        ["64:ff9b::7f00:1"],
        ["fd00:ec2::254"],
        ["fe80::1%lo"],
        ["127.0.0.1", "10.0.0.1"],
        ["1.1.1.1", "10.0.0.1"],
        [],
    ],
)
async def test_names_of_private_addresses_are_not_connected_to(
    server: PictureServer, addresses: list[str]
) -> None:
    server.give("/a.png", PICTURE)
    host = f"img.example:{server.port}"
    names = Names(addresses)
    assert await refusal(f"http://{host}/a.png", host, names=names) is Refusal.ADDRESS
    assert server.connections == 0


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "10.0.0.1"])
async def test_this_machine_is_not_connected_to_unless_its_port_is_named(host: str) -> None:
    assert await refusal(f"http://{host}/a.png", host) is Refusal.ADDRESS


async def test_a_named_port_does_not_open_other_private_addresses() -> None:
    assert await refusal("http://10.0.0.1:8080/a.png", "10.0.0.1:8080") is Refusal.ADDRESS


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/", "http://[::1]/", "//10.0.0.1/", "/b"]
)
async def test_redirects_are_not_followed(server: PictureServer, target: str) -> None:
    server.give("/b", PICTURE)
    address = server.redirect("/a.png", target)
    assert await refusal(address, server.host) is Refusal.REDIRECT
    assert server.connections == 1


@pytest.mark.parametrize(
    "status", ["404 Not Found", "410 Gone", "403 Forbidden", "204 No Content"]
)
async def test_what_the_host_does_not_give_is_not_asked_for_again(
    server: PictureServer, status: str
) -> None:
    assert await refusal(server.give("/a.png", b"", status), server.host) is Refusal.ABSENT
    assert server.connections == 1


@pytest.mark.parametrize("status", ["500 Oh", "503 Busy", "429 Too Many", "408 Slow"])
async def test_what_may_pass_is_tried_twice(server: PictureServer, status: str) -> None:
    address = server.give("/a.png", b"", status)
    with pytest.raises(Unavailable):
        await fetch(address, server.host)
    assert server.connections == 2


async def test_the_second_try_may_succeed(server: PictureServer) -> None:
    async def once(writer: asyncio.StreamWriter) -> None:
        server.give("/a.png", PICTURE)

    assert await fetch(server.give_as("/a.png", once), server.host) == PICTURE


async def test_too_many_bytes_are_not_read(server: PictureServer) -> None:
    head = b"HTTP/1.1 200 OK\r\n"
    announced = head + f"Content-Length: {MOST_BYTES + 1}\r\n\r\n".encode()
    assert await refusal(server.give_raw("/a", announced), server.host) is Refusal.BYTES

    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(head + b"\r\n")
        while True:
            writer.write(bytes(1_000_000))
            await writer.drain()

    assert await refusal(server.give_as("/b", endless), server.host) is Refusal.BYTES


async def test_packed_contents_are_not_unpacked(server: PictureServer) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    address = server.give("/a.png", bomb, "200 OK", "Content-Encoding: gzip")
    assert await refusal(address, server.host) is Refusal.FORMAT


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
    ],
)
async def test_broken_answers_are_no_pictures(server: PictureServer, answer: bytes) -> None:
    with pytest.raises(Unavailable):
        await fetch(server.give_raw("/a.png", answer), server.host)


async def test_a_host_that_is_silent_or_slow_is_left(server: PictureServer) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            writer.write(b".")
            await asyncio.sleep(0.02)

    began = asyncio.get_running_loop().time()
    for address in (server.hang("/a.png"), server.give_as("/b.png", drip)):
        with pytest.raises(Unavailable, match="Timeout"):
            await fetch(address, server.host, patience=0.3)
    assert asyncio.get_running_loop().time() - began < 3.0


async def test_nobody_at_home_is_an_outage() -> None:
    async with picture_server() as gone:
        host = gone.host
    with pytest.raises(Unavailable):
        await fetch(f"http://{host}/a.png", host)


async def test_a_name_that_is_unknown_is_an_outage() -> None:
    with pytest.raises(Unavailable):
        await fetch("http://no-such-host.invalid/a.png", "no-such-host.invalid")
