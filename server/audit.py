"""`python -m server audit verify`: whether the history of decisions is what was recorded."""

from collections.abc import Callable
from typing import Final

import asyncpg

from domain.audit import Break, ChainCheck
from runtime.start import CannotStart
from stores.postgres_audit import read_head, read_links
from stores.postgres_dsn import check_dsn

CONNECT_SECONDS: Final = 5.0
READ_MINUTES: Final = 10
MOST_TOLD: Final = 100  # breaks; one edit of the table may cause many
BROKEN: Final = 1  # the exit status


async def verify_audit(dsn: str, known_head: bytes | None, say: Callable[[str], None]) -> int:
    """Go through the whole chain and name each row that does not fit; the exit status.

    ``known_head`` is one that an earlier check printed.

    Raises:
        CannotStart: the database does not answer, or has no such history.

    """
    check_dsn(dsn, "EXPLORE_POSTGRES_DSN")
    check, found = ChainCheck(known_head), 0

    def tell(problem: Break) -> None:
        nonlocal found
        found += 1
        if found <= MOST_TOLD:
            say(f"BROKEN {problem.text}")

    try:
        connection = await asyncpg.connect(dsn, timeout=CONNECT_SECONDS)
        try:
            await connection.execute(f"SET statement_timeout = '{READ_MINUTES}min'")
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                async for link in read_links(connection):
                    for problem in check.follow([link]):
                        tell(problem)
                for problem in check.end(await read_head(connection)):
                    tell(problem)
        finally:
            await connection.close(timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise CannotStart(
            f"EXPLORE_POSTGRES_DSN: the history cannot be read ({error or type(error).__name__})",
            "start PostgreSQL, run `python -m migrations upgrade`, use a role that may read it",
        ) from error
    if found > MOST_TOLD:
        say(f"and {found - MOST_TOLD:,} more")
    state = f"BROKEN at {found:,} places" if found else "intact"
    say(f"{check.length:,} decisions, the chain is {state}, its head is {check.head.hex()}")
    return BROKEN if found else 0
