"""`python -m migrations upgrade`: up from empty, again without change, refusals with a remedy."""

import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from migrations.files import Migration, read_migrations
from migrations.upgrade import ADVISORY_LOCK, upgrade
from runtime.start import CannotStart
from stores.postgres_pool import open_pool
from stores.postgres_schema import NEEDED, is_migrated

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
CATALOG = """
SELECT c.relname, c.relkind::text, c.relacl::text, a.attname, format_type(a.atttypid, a.atttypmod)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'public'::regnamespace ORDER BY c.relname, a.attnum"""
TABLES = {
    "blocks",
    "classifications",
    "content_flags",
    "counter_checkpoints",
    "counter_fences",
    "creators",
    "document_clients",
    "document_revision",
    "document_uses",
    "documents",
    "erasures",
    "erasures_under_way",
    "explore_categories",
    "explore_migrations",
    "follows",
    "hashtag_totals",
    "hashtag_uses",
    "interactions",
    "interactions_default",
    "moderation_chain",
    "moderation_claims",
    "moderation_events",
    "outbox",
    "post_categories",
    "post_reports",
    "posts",
    "profile_fences",
    "reactions",
    "shadow_scores",
    "trending_snapshots",
    "user_interest_profiles",
    "viewer_statements",
}


@pytest.fixture
async def connection(database: str) -> AsyncGenerator["asyncpg.Connection[asyncpg.Record]", None]:
    found = await asyncpg.connect(database)
    yield found
    await found.close()


async def run(dsn: str, migrations: Sequence[Migration] | None = None) -> list[str]:
    said: list[str] = []
    await upgrade(dsn, read_migrations() if migrations is None else migrations, said.append)
    return said


async def test_all_tables_from_empty(
    database: str, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    said = await run(database)
    assert said == [f"applied {one.version:04} {one.name}" for one in read_migrations()]
    rows = await connection.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    )
    assert {row["tablename"] for row in rows} == TABLES


async def test_again_without_change(
    database: str, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await run(database)
    before = await connection.fetch(CATALOG)
    applied = await connection.fetch("SELECT * FROM explore_migrations ORDER BY version")
    assert await run(database) == []
    assert await connection.fetch(CATALOG) == before
    assert await connection.fetch("SELECT * FROM explore_migrations ORDER BY version") == applied


async def test_an_edited_migration_is_refused(database: str) -> None:
    migrations = read_migrations()
    await run(database, migrations)
    edited = [replace(migrations[0], sql=migrations[0].sql + " "), *migrations[1:]]
    with pytest.raises(CannotStart, match=r"0001 posts is not what was applied: restore"):
        await run(database, edited)


async def test_nothing_of_a_failing_migration_stays(
    database: str, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    migrations = [
        Migration(1, "good", "CREATE TABLE good ()"),
        Migration(2, "bad", "CREATE TABLE half (); SELECT 1 / 0"),
    ]
    with pytest.raises(CannotStart, match=r"0002 bad failed \(division by zero\): nothing of it"):
        await run(database, migrations)
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert {row["tablename"] for row in tables} == {"explore_migrations", "good"}


async def test_a_newer_database_is_left_alone(database: str) -> None:
    migrations = read_migrations()
    await run(database, migrations)
    said = await run(database, migrations[:2])
    newest = migrations[-1].version
    note = f"note: the database is at version {newest}, newer than this code; nothing to do"
    assert said == [note]


async def test_one_upgrade_at_a_time(
    database: str,
    connection: "asyncpg.Connection[asyncpg.Record]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("migrations.upgrade.LOCK_TIMEOUT", "50ms")
    await connection.execute(f"SELECT pg_advisory_lock({ADVISORY_LOCK})")
    with pytest.raises(CannotStart, match="another upgrade is running"):
        await run(database)


async def test_code_knows_whether_the_database_is_new_enough(database: str) -> None:
    assert len(read_migrations()) == NEEDED
    pool = await open_pool(database, timeout=5.0)
    assert not await is_migrated(pool)
    await run(database)
    assert await is_migrated(pool)
    await pool.close()


async def test_history_of_decisions_cannot_be_changed(
    migrated_database: str,
) -> None:
    found = await asyncpg.connect(migrated_database)
    await found.execute(
        "INSERT INTO moderation_events (post_id, at, actor, decision)"
        " VALUES ('p', now(), 'mo', 'REJECT')"
    )
    for statement in (
        "UPDATE moderation_events SET actor = 'max'",
        "DELETE FROM moderation_events",
        "TRUNCATE moderation_events",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await found.execute(statement)
    await found.close()


async def test_roles_may_do_their_part_and_no_more(migrated_database: str) -> None:
    found = await asyncpg.connect(migrated_database)
    settings = await found.fetch(
        "SELECT rolname, setconfig FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole"
        " WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())"
        " ORDER BY rolname"
    )
    # A template's settings are not copied with it: they belong to the database.
    assert [row["rolname"] for row in settings] in (
        [],
        ["explore_api", "explore_migrate", "explore_worker"],
    )
    insert = (
        "INSERT INTO follows (user_id, target_id, active, event_at) VALUES ('a', 'b', true, now())"
    )
    await found.execute("SET ROLE explore_api")
    assert await found.fetchval("SELECT count(*) FROM posts") == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await found.execute(insert)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await found.execute("CREATE TABLE mine ()")
    await found.execute("SET ROLE explore_worker")
    await found.execute(insert)
    await found.execute("SELECT ensure_interaction_days(current_date, 2)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await found.execute("UPDATE moderation_chain SET length = 0")
    await found.execute("RESET ROLE")
    await found.close()


async def test_a_user_without_rights_over_roles_gets_a_note(
    database: str, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    """The roles are there already, or another upgrade of this cluster would make them."""
    await run(database)
    await connection.execute("DROP ROLE IF EXISTS plain_owner")
    await connection.execute("CREATE ROLE plain_owner LOGIN")
    await connection.execute("GRANT SELECT, INSERT ON explore_migrations TO plain_owner")
    parts = urlsplit(database)
    plain = urlunsplit(parts._replace(netloc=f"plain_owner@{parts.hostname}:{parts.port}"))
    said = await run(plain)
    assert said[-1].startswith("note: this user may not grant rights or set timeouts of roles")
    await connection.execute("DROP OWNED BY plain_owner; DROP ROLE plain_owner")


def command(*arguments: str, dsn: str = "") -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if "POSTGRES" not in key}
    return subprocess.run(
        [sys.executable, "-m", "migrations", *arguments],
        cwd=ROOT,
        env=environment | {"EXPLORE_POSTGRES_DSN": dsn},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_refuses_in_one_line() -> None:
    missing = command("upgrade")
    assert missing.returncode == 2
    assert (
        missing.stderr == "EXPLORE_POSTGRES_DSN is not set: it has no default, give it a value\n"
    )
    nobody = command("upgrade", dsn="postgresql://explore@127.0.0.1:1/explore")
    assert nobody.returncode == 2
    assert nobody.stderr.startswith("EXPLORE_POSTGRES_DSN: PostgreSQL does not answer (")
    assert nobody.stderr.count("\n") == 1


def test_the_command_helps() -> None:
    shown = command("--help")
    assert shown.returncode == 0
    assert "EXPLORE_POSTGRES_DSN" in shown.stdout


async def test_the_command_upgrades_and_says_so(database: str) -> None:
    first = command("upgrade", dsn=database)
    newest = "applied {0.version:04} {0.name}".format(read_migrations()[-1])
    assert (first.returncode, first.stdout.splitlines()[-1]) == (0, newest)
    second = command("upgrade", dsn=database)
    assert (second.returncode, second.stdout) == (0, "nothing to apply\n")
