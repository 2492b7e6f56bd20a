"""Bring a database to the newest version: one upgrade at a time, each file in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

import asyncpg

from migrations.files import ROLES, Migration
from runtime.start import CannotStart
from stores.postgres_dsn import check_dsn

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

ADVISORY_LOCK: Final = 0x6578706C6F7265  # "explore"
OLDEST_SERVER: Final = 16
CONNECT_SECONDS: Final = 5.0
# Waiting for a table's lock blocks everyone who comes after: give up rather than stop the service.
LOCK_TIMEOUT: Final = "5s"
STATEMENT_TIMEOUT: Final = "15min"
TABLE: Final = """
CREATE TABLE IF NOT EXISTS explore_migrations (
    version    integer PRIMARY KEY,
    name       text NOT NULL,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)"""


async def upgrade(
    dsn: str, migrations: Sequence[Migration], say: Callable[[str], None]
) -> Sequence[Migration]:
    """Apply what is missing, tell `say` of each file and of the server's notices.

    Raises:
        CannotStart: the server does not answer or lacks something, another upgrade is running,
            an applied file was edited, or a file fails (nothing of it stays).

    """
    connection = await _connect(dsn)
    try:
        connection.add_log_listener(lambda _connection, message: say(f"note: {message.message}"))
        await _check_server(connection)
        await connection.execute(
            f"SET lock_timeout = '{LOCK_TIMEOUT}'; SET statement_timeout = '{STATEMENT_TIMEOUT}';"
            " SET client_min_messages = notice"
        )
        await _only_upgrade(connection)
        missing = _missing(migrations, await _applied(connection), say)
        for migration in missing:
            await _apply(connection, migration)
            say(f"applied {migration.version:04} {migration.name}")
        await connection.execute(ROLES.read_text("utf-8"))
        return missing
    finally:
        await connection.close(timeout=CONNECT_SECONDS)


async def _connect(dsn: str) -> Connection:
    check_dsn(dsn, "EXPLORE_POSTGRES_DSN")
    try:
        return await asyncpg.connect(dsn, timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise CannotStart(
            f"EXPLORE_POSTGRES_DSN: PostgreSQL does not answer ({error or type(error).__name__})",
            "start it, or correct address, user, password and database",
        ) from error


async def _check_server(connection: Connection) -> None:
    if connection.get_server_version().major < OLDEST_SERVER:
        raise CannotStart(
            f"EXPLORE_POSTGRES_DSN: PostgreSQL is older than {OLDEST_SERVER}", "use a newer server"
        )
    for extension in ("vector", "pg_trgm"):
        if not await connection.fetchval(
            "SELECT true FROM pg_available_extensions WHERE name = $1", extension
        ):
            raise CannotStart(
                f"EXPLORE_POSTGRES_DSN: the server lacks the extension {extension}",
                "install pgvector and PostgreSQL's contributed modules there",
            )


async def _only_upgrade(connection: Connection) -> None:
    """Hold the lock of upgrades until the connection closes."""
    try:
        await connection.execute(f"SELECT pg_advisory_lock({ADVISORY_LOCK})")
    except asyncpg.LockNotAvailableError as error:
        raise CannotStart("another upgrade is running", "wait until it has ended") from error


async def _applied(connection: Connection) -> Mapping[int, str]:
    if not await connection.fetchval("SELECT to_regclass('explore_migrations') IS NOT NULL"):
        await connection.execute(TABLE)
    rows = await connection.fetch("SELECT version, checksum FROM explore_migrations")
    return {row["version"]: row["checksum"] for row in rows}


def _missing(
    migrations: Sequence[Migration], applied: Mapping[int, str], say: Callable[[str], None]
) -> Sequence[Migration]:
    for migration in migrations:
        if applied.get(migration.version, migration.checksum) != migration.checksum:
            raise CannotStart(
                f"migration {migration.version:04} {migration.name} is not what was applied",
                "restore the file and put the change into a new one",
            )
    newest = max(applied, default=0)
    if newest > max(migration.version for migration in migrations):
        say(f"note: the database is at version {newest}, newer than this code; nothing to do")
    return [migration for migration in migrations if migration.version not in applied]


async def _apply(connection: Connection, migration: Migration) -> None:
    try:
        async with connection.transaction():
            await connection.execute(migration.sql)
            await connection.execute(
                "INSERT INTO explore_migrations (version, name, checksum) VALUES ($1, $2, $3)",
                migration.version,
                migration.name,
                migration.checksum,
            )
    except asyncpg.LockNotAvailableError as error:
        raise CannotStart(
            f"migration {migration.version:04} waited too long for a lock ({error})",
            "run the upgrade again in a quieter moment",
        ) from error
    except asyncpg.PostgresError as error:
        raise CannotStart(
            f"migration {migration.version:04} {migration.name} failed ({error})",
            "nothing of it was kept; mend the cause and run the upgrade again",
        ) from error
