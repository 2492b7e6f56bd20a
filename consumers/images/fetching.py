"""Pictures from hosts that are allowed: strangers choose the address, so nothing of it is trusted.

A host's name is resolved once, every address that it stands for is judged, and those very ones are
connected to. Redirects are not followed, packed contents not unpacked; bytes and time are bounded.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Final

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override
from yarl import URL

from consumers.images.media_hosts import MediaHosts
from consumers.images.public_addresses import is_loopback, is_public
from domain.errors import Unavailable
from domain.images import ImageRefused, Refusal

MOST_BYTES: Final = 8 * 1024 * 1024
PIECE: Final = 64 * 1024
PATIENCE: Final = 5.0  # seconds for a picture, its host's name and all tries included
PAUSE: Final = 0.2  # seconds before a second try
HEADERS: Final = {
    "Accept": "image/jpeg, image/png, image/webp, image/gif",
    "Accept-Encoding": "identity",
    "User-Agent": "explore-classify",
}
PERHAPS_LATER: Final = (
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
)
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


async def resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of a host, in digits; raises ``OSError``."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Fetching:
    def __init__(
        self, hosts: MediaHosts, resolve: Resolve = resolve, patience: float = PATIENCE
    ) -> None:
        self._hosts = hosts
        self._resolve = resolve
        self._patience = patience

    async def fetch(self, url: URL) -> bytes:
        """What lies at an address that ``MediaHosts`` admitted.

        Raises:
            ImageRefused: it is not to be had from there.
            Unavailable: not now.

        """
        try:
            async with asyncio.timeout(self._patience):
                return await self._at_most_twice(url)
        except (ClientError, OSError) as error:  # a timeout is an OSError
            raise Unavailable("media", type(error).__name__) from error

    async def _at_most_twice(self, url: URL) -> bytes:
        try:
            return await self._once(url)
        except (ClientError, OSError, Unavailable):
            await asyncio.sleep(PAUSE)
        return await self._once(url)

    async def _once(self, url: URL) -> bytes:
        connector = TCPConnector(
            resolver=_Judged(await self._addresses(url)), use_dns_cache=False, force_close=True
        )
        async with (
            ClientSession(
                connector=connector, auto_decompress=False, timeout=ClientTimeout(total=None)
            ) as session,
            session.get(url, headers=HEADERS, allow_redirects=False) as response,
        ):
            _check_head(response)
            return await _body(response)

    async def _addresses(self, url: URL) -> Sequence[str]:
        """Where the host is; refused if a single one of its addresses is not to be asked."""
        found = await self._resolve(url.raw_host or "", url.port or 0)
        near = self._hosts.names_port(url)
        if not found or not all(is_public(one) or (near and is_loopback(one)) for one in found):
            raise ImageRefused(Refusal.ADDRESS)
        return found


class _Judged(AbstractResolver):
    """Gives the client the addresses that were judged, instead of asking once more."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self._addresses
        ]

    @override
    async def close(self) -> None:
        """Holds nothing."""


def _check_head(response: ClientResponse) -> None:
    status = response.status
    if status in PERHAPS_LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Unavailable("media", str(status))
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise ImageRefused(Refusal.REDIRECT)
    if status != HTTPStatus.OK:
        raise ImageRefused(Refusal.ABSENT)
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise ImageRefused(Refusal.FORMAT)
    if (response.content_length or 0) > MOST_BYTES:
        raise ImageRefused(Refusal.BYTES)


async def _body(response: ClientResponse) -> bytes:
    body = bytearray()
    async for piece in response.content.iter_chunked(PIECE):
        body += piece
        if len(body) > MOST_BYTES:
            raise ImageRefused(Refusal.BYTES)
    return bytes(body)
