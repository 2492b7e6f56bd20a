"""``/livez`` and ``/metrics`` of a consumer process, on a port of their own."""

import asyncio
from collections.abc import Sequence
from typing import Final

from consumers.health import Health
from runtime.metrics import MEDIA_TYPE, Metrics
from runtime.start import CannotStart

PATIENCE: Final = 5.0  # seconds for a client to say what it wants
LONGEST_REQUEST: Final = 8_192


class PortInUse(CannotStart):
    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is in use", "choose another with --port N")


class Probes:
    """A server for probes and scrapers; it reads a request line and answers once."""

    def __init__(self, healths: Sequence[Health], metrics: Metrics) -> None:
        self._healths = healths
        self._metrics = metrics
        self._server: asyncio.Server | None = None

    async def start(self, port: int | None) -> None:
        """Listen, where a port is given.

        Raises:
            PortInUse: something listens there.

        """
        if port is None:
            return
        try:
            self._server = await asyncio.start_server(
                self._serve, port=port, limit=LONGEST_REQUEST
            )
        except OSError:
            raise PortInUse(port) from None

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                request = await reader.readuntil(b"\r\n\r\n")
                status, media_type, body = self._answer(request.split(b" ", 2)[1])
                head = f"HTTP/1.1 {status}\r\ncontent-type: {media_type}\r\n"
                head += f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
                writer.write(head.encode() + body)
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return  # a probe that does not ask has no answer
        finally:
            writer.close()

    def _answer(self, path: bytes) -> tuple[str, str, bytes]:
        if path == b"/metrics":
            return "200 OK", MEDIA_TYPE, self._metrics.exposition()
        if path != b"/livez":
            return "404 Not Found", "text/plain", b"/livez or /metrics\n"
        stuck = [health.consumer for health in self._healths if not health.is_alive]
        if stuck:
            return "503 Service Unavailable", "text/plain", f"stuck: {', '.join(stuck)}\n".encode()
        return "200 OK", "text/plain", b"ok\n"
