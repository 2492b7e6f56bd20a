"""A load generator: keep-alive connections that send prepared requests and check each answer."""

import asyncio
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Final

TICKS: Final = os.sysconf("SC_CLK_TCK")
END: Final = b"\r\n\r\n"
LENGTH: Final = b"content-length: "


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of load measured; times in seconds."""

    times: Sequence[float]
    seconds: float

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, percent: int) -> float:
        return quantiles(self.times, n=100)[percent - 1]


class Requests:
    """Prepared bytes of requests, gone through in turn by all connections together."""

    def __init__(self, requests: Sequence[bytes]) -> None:
        self._turn = self._turns(requests)

    def __next__(self) -> bytes:
        return next(self._turn)

    @staticmethod
    def _turns(requests: Sequence[bytes]) -> Iterator[bytes]:
        while True:
            yield from requests


def post(body: bytes, *, token: str = "", path: str = "/graphql") -> bytes:
    """The bytes of a POST of JSON."""
    lines = [
        f"POST {path} HTTP/1.1",
        "host: 127.0.0.1",
        "content-type: application/json",
        f"content-length: {len(body)}",
        *([f"authorization: Bearer {token}"] if token else []),
    ]
    return "\r\n".join(lines).encode() + END + body


async def closed(port: int, requests: Requests, *, concurrency: int, seconds: float) -> Load:
    """As many requests as are answered, `concurrency` at a time."""
    times: list[float] = []
    started = time.perf_counter()
    end = started + seconds

    async def one() -> None:
        connection = await Connection.open(port)
        while time.perf_counter() < end:
            times.append(await connection.ask(next(requests)))
        connection.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(concurrency):
            group.create_task(one())
    return Load(times, time.perf_counter() - started)


async def paced(
    port: int, requests: Requests, *, rate: float, concurrency: int, seconds: float
) -> Load:
    """Requests at a fixed rate; a time counts from when the request was due, not when it left."""
    times: list[float] = []
    started = time.perf_counter()
    due = (started + number / rate for number in range(int(rate * seconds)))

    async def one() -> None:
        connection = await Connection.open(port)
        for at in due:
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            await connection.ask(next(requests))
            times.append(time.perf_counter() - at)
        connection.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(concurrency):
            group.create_task(one())
    return Load(times, time.perf_counter() - started)


class Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> "Connection":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, request: bytes) -> float:
        """Seconds until the last byte.

        Raises:
            SystemExit: the answer is not data alone.

        """
        started = time.perf_counter()
        status, body = await self.exchange(request)
        elapsed = time.perf_counter() - started
        if status != b"200" or b'"errors"' in body or not body.startswith(b'{"data"'):
            raise SystemExit(f"the server answered {status.decode()} {body[:500].decode()}")
        return elapsed

    async def exchange(self, request: bytes) -> tuple[bytes, bytes]:
        """Status and body of the answer."""
        self._writer.write(request)
        head = await self._reader.readuntil(END)
        at = head.lower().index(LENGTH) + len(LENGTH)
        body = await self._reader.readexactly(int(head[at : head.index(b"\r", at)]))
        return head[9:12], body

    def close(self) -> None:
        self._writer.close()


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_bytes(pid: int) -> int:
    """Memory of a process that is in use."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
