"""The command that checks the history names the row that somebody tampered with."""

import os
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from server.audit import verify_audit

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
ADD = """
INSERT INTO moderation_events (post_id, at, actor, decision, reason, note)
VALUES ($1, to_timestamp($2), 'mo', 'REJECT', 'späm, "quoted"', $3)"""


async def record(connection: "asyncpg.Connection[asyncpg.Record]", decisions: int) -> None:
    for number in range(1, decisions + 1):
        note = None if number % 2 else "a note"
        await connection.execute(ADD, f"p{number}", 1_700_000_000.123456 + number, note)


async def verify(dsn: str, known: bytes | None = None) -> tuple[int, list[str]]:
    said: list[str] = []
    return await verify_audit(dsn, known, said.append), said


async def test_what_postgresql_chained_holds_here_too(migrated_database: str) -> None:
    connection = await asyncpg.connect(migrated_database)
    await record(connection, 5)
    status, (said,) = await verify(migrated_database)
    head = await connection.fetchval("SELECT head FROM moderation_chain")
    assert (status, said) == (0, f"5 decisions, the chain is intact, its head is {head.hex()}")
    await record(connection, 1)
    assert (await verify(migrated_database, head))[0] == 0
    await connection.close()


async def test_a_row_changed_by_a_superuser_is_named(migrated_database: str) -> None:
    connection = await asyncpg.connect(migrated_database)
    await record(connection, 5)
    await connection.execute("SET session_replication_role = replica")  # no trigger fires
    await connection.execute(
        "UPDATE moderation_events SET decision = 'APPROVE' WHERE post_id = 'p2'"
    )
    status, said = await verify(migrated_database)
    assert status == 1
    assert said[0] == "BROKEN position 2 (row 2, post p2): its content is not what was recorded"
    assert said[1].startswith("5 decisions, the chain is BROKEN at 1 places, its head is ")
    await connection.execute("DELETE FROM moderation_events WHERE post_id IN ('p4', 'p5')")
    _, said = await verify(migrated_database)
    assert said[1] == "BROKEN position 4: the rows up to position 5 are missing"
    await connection.close()


async def test_a_rolled_back_decision_leaves_no_gap(migrated_database: str) -> None:
    connection = await asyncpg.connect(migrated_database)
    await record(connection, 1)
    transaction = connection.transaction()
    await transaction.start()
    await record(connection, 1)
    await transaction.rollback()
    await record(connection, 1)
    status, (said,) = await verify(migrated_database)
    assert (status, said.split(",")[0]) == (0, "2 decisions")
    await connection.close()


async def test_who_may_add_a_decision_may_not_write_the_chain(migrated_database: str) -> None:
    connection = await asyncpg.connect(migrated_database)
    await connection.execute("SET ROLE explore_api")
    await record(connection, 1)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("UPDATE moderation_chain SET length = 0")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("UPDATE moderation_events SET actor = 'max'")
    await connection.execute("RESET ROLE")
    await connection.close()
    assert (await verify(migrated_database))[0] == 0


def command(*arguments: str, dsn: str) -> "subprocess.CompletedProcess[str]":
    environment = {key: value for key, value in os.environ.items() if "POSTGRES" not in key}
    return subprocess.run(
        [sys.executable, "-m", "server", "audit", "verify", *arguments],
        cwd=ROOT,
        env=environment | {"EXPLORE_POSTGRES_DSN": dsn},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_says_so_and_refuses_in_one_line(migrated_database: str) -> None:
    done = command("--head", "00" * 32, dsn=migrated_database)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"0 decisions, the chain is intact, its head is {'00' * 32}\n"
    nobody = command(dsn="postgresql://explore@127.0.0.1:1/explore")
    assert nobody.returncode == 2
    assert nobody.stderr.startswith("EXPLORE_POSTGRES_DSN: the history cannot be read (")
    assert nobody.stderr.count("\n") == 1
