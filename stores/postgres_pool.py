"""Connections to PostgreSQL: one deadline around acquire and query, one error for all outages."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Final, TypeAlias, TypeVar

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from domain.errors import Unavailable
from runtime.deadlines import bounded
from runtime.metrics import Metrics
from stores.postgres_dsn import check_dsn
from stores.store_calls import StoreCalls

T = TypeVar("T")
Connection: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"
DEPENDENCY: Final = "postgresql"
# The server stops a little before we do: a statement cancelled from here costs its connection.
SERVER_SHARE: Final = 0.9
IDLE_SECONDS: Final = 300.0
# A transaction whose process is frozen or gone lets its locks go a moment after its own deadline.
ABANDONED_SECONDS: Final = 1.0
CONNECT_SECONDS: Final = 5.0
# Another try of the same statement may succeed; a deadlock's victim has written nothing.
TRANSIENT: Final = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.TransactionRollbackError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.PostgresSystemError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InternalClientError,
    # A database that nobody migrated, rights that somebody took: no record is to blame.
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedObjectError,
    asyncpg.InsufficientPrivilegeError,
)
LOST: Final = (
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.ConnectionFailureError,
    asyncpg.AdminShutdownError,
    ConnectionResetError,
    # The server's farewell came while the next statement was about to be sent.
    asyncpg.InternalClientError,
)


class PostgresPool:
    """At most `size` connections, opened when first needed; `timeout` (seconds) bounds each call.

    Every method raises `Unavailable` where PostgreSQL is away, too slow or out of resources.
    """

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        *,
        timeout: float,
        metrics: Metrics | None = None,
    ) -> None:
        self._calls = StoreCalls(DEPENDENCY, metrics)
        self._pool = pool
        self._timeout = timeout

    async def fetch(self, query: str, *arguments: object) -> Sequence[asyncpg.Record]:
        """Rows of an idempotent statement; tried a second time if the connection was lost."""

        async def once() -> Sequence[asyncpg.Record]:
            async with self._connection() as connection:
                return await connection.fetch(query, *arguments)

        return await self._call("fetch", once)

    async def fetchrow(self, query: str, *arguments: object) -> asyncpg.Record | None:
        rows = await self.fetch(query, *arguments)
        return rows[0] if rows else None

    async def execute(self, query: str, *arguments: object) -> None:
        """An idempotent statement whose rows nobody wants."""
        await self.fetch(query, *arguments)

    async def executemany(self, query: str, rows: Sequence[Sequence[object]]) -> None:
        """One idempotent statement for many rows, in one transaction."""

        async def once() -> None:
            async with self._connection() as connection:
                await connection.executemany(query, rows)

        if rows:
            await self._call("executemany", once)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Connection]:
        """A transaction under one deadline, from acquire to commit; never tried again here."""
        with self._calls("transaction"), _translated():
            async with bounded(self._timeout), self._connection() as connection:
                transaction = connection.transaction()
                await transaction.start()
                try:
                    yield connection
                except Exception:
                    await transaction.rollback()
                    raise
                await transaction.commit()

    async def close(self, seconds: float = 2.0) -> None:
        """Return connections gracefully, or cut them when the time is over."""
        try:
            async with asyncio.timeout(seconds):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    @asynccontextmanager
    async def _connection(self) -> AsyncGenerator[Connection]:
        """A connection of the pool's; cut where a call on it is given up.

        The library would wait for the server to confirm that it stopped, without end for one that
        is frozen. The server undoes the transaction of a connection that is gone.
        """
        connection = await self._pool.acquire()
        try:
            yield connection
        except asyncio.CancelledError:
            connection.terminate()
            raise
        finally:
            await self._pool.release(connection, timeout=self._timeout)

    async def _call(self, call: str, once: Callable[[], Awaitable[T]]) -> T:
        with self._calls(call), _translated():
            async with bounded(self._timeout):
                try:
                    return await once()
                except LOST:
                    return await once()


async def open_pool(
    dsn: str,
    *,
    timeout: float,  # noqa: ASYNC109 - of the pool's later calls, not of this one
    size: int = 10,
    setting: str = "EXPLORE_POSTGRES_DSN",
    metrics: Metrics | None = None,
) -> PostgresPool:
    """A pool for one event loop; no connection is made before the first call.

    Raises:
        SettingError: the DSN, which that setting gave, cannot be read.

    """
    check_dsn(dsn, setting)
    pool = await asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=size,
        timeout=CONNECT_SECONDS,
        max_inactive_connection_lifetime=IDLE_SECONDS,
        server_settings={
            "application_name": "explore",
            "statement_timeout": str(max(1, round(timeout * SERVER_SHARE * 1_000))),
            "idle_in_transaction_session_timeout": str(
                round((timeout + ABANDONED_SECONDS) * 1_000)
            ),
            "timezone": "UTC",
            "jit": "off",
            # A plan for any argument is bad for a rare word and a common one alike.
            "plan_cache_mode": "force_custom_plan",
            # One typing mistake in a word of eight letters leaves 0.56.
            "pg_trgm.word_similarity_threshold": "0.5",
        },
    )
    return PostgresPool(pool, timeout=timeout, metrics=metrics)


@contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except TimeoutError as error:
        raise Unavailable(DEPENDENCY, "too slow") from error
    except TRANSIENT as error:
        raise Unavailable(DEPENDENCY, type(error).__name__) from error
    except asyncpg.InterfaceError as error:
        # ValueError: an argument that does not fit its column, which is our mistake.
        if isinstance(error, ValueError):
            raise
        raise Unavailable(DEPENDENCY, str(error)) from error
