"""Decisions leave the outbox in order, whenever their relay is killed, with one effect each."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from domain.events import Decision, Event, ModerationResult
from domain.ports.moderation import Review
from stores.postgres_moderation import PostgresModeration
from stores.postgres_outbox import ONLY_RELAY, PostgresOutbox
from stores.postgres_pool import PostgresPool, open_pool
from stores.postgres_posts import PostgresPosts
from tests.consumers.log import NOON
from tests.contracts.events import ingestion, moderation

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[2]
# A process of its own that dies, as by kill -9, before or after it published, or before it
# could commit; what it published is a line of a file.
RELAY = """
import asyncio, os, signal, sys
from stores.postgres_outbox import PostgresOutbox
from stores.postgres_pool import open_pool

dsn, path, moment = sys.argv[1:]

def die(at):
    if at == moment:
        os.kill(os.getpid(), signal.SIGKILL)

async def publish(events):
    die("before")
    with open(path, "a") as log:
        log.writelines(f"{event.post_id} {event.decision}\\n" for event in events)
    die("after")
    if moment == "frozen":
        os.kill(os.getpid(), signal.SIGSTOP)

async def main():
    pool = await open_pool(dsn, timeout=1.0 if moment == "frozen" else 20.0)
    async with pool.transaction() as connection:
        pass
    if moment == "commit":
        import stores.postgres_outbox as outbox
        gone = "WITH gone AS (DELETE FROM outbox WHERE id = ANY($1::bigint[]) RETURNING 1)"
        outbox.DONE = gone + " SELECT pg_terminate_backend(pg_backend_pid())"
    await PostgresOutbox(pool).relay(publish, limit=10)
    await pool.close()

asyncio.run(main())
"""


async def decided(pool: PostgresPool) -> Sequence[str]:
    """What moderators decided, in order, as the relay's log tells it."""
    posts, cases = PostgresPosts(pool), PostgresModeration(pool)
    lines: list[str] = []
    for post_id in ("p0", "p1"):
        await posts.ingest([ingestion(post_id)])
        await posts.moderate([moderation(post_id, spam_score=0.1)])
    steps = [("p0", Decision.REJECT), ("p1", Decision.REJECT), ("p0", Decision.APPROVE)]
    for number, (post_id, decision) in enumerate(steps):
        await cases.decide(post_id, Review(NOON + number, "mo", decision, "why", None))
        lines.append(f"{post_id} {decision}\n")
    return lines


async def started(dsn: str, path: Path, moment: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        RELAY,
        dsn,
        str(path),
        moment,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=asyncio.subprocess.DEVNULL,
    )


async def relay(dsn: str, path: Path, moment: str) -> int:
    return await (await started(dsn, path, moment)).wait()


@pytest.mark.parametrize("moment", ["before", "after", "commit"])
async def test_killed_between_any_two_steps_it_publishes_in_order_and_all(
    postgres: PostgresPool, migrated_database: str, tmp_path: Path, moment: str
) -> None:
    lines, path = await decided(postgres), tmp_path / "published"
    path.touch()
    outbox = PostgresOutbox(postgres)
    assert await outbox.lag() > 0.0
    assert await relay(migrated_database, path, moment) == (
        1 if moment == "commit" else -signal.SIGKILL
    )
    assert path.read_text().splitlines(keepends=True) == ([] if moment == "before" else lines)
    assert await outbox.lag() > 0.0
    await postgres.execute(ONLY_RELAY.replace("try_", ""))  # until the server saw it die
    told: list[Event] = []

    async def publish(events: Sequence[Event]) -> None:
        told.extend(events)

    assert await outbox.relay(publish, limit=10) == 3
    again = [
        f"{one.post_id} {one.decision}\n" for one in told if isinstance(one, ModerationResult)
    ]
    assert again == lines
    assert await outbox.relay(publish, limit=10) == 0
    assert await outbox.lag() == 0.0


async def test_a_relay_that_is_frozen_does_not_hold_the_others_up_for_long(
    postgres: PostgresPool, migrated_database: str, tmp_path: Path
) -> None:
    lines, path = await decided(postgres), tmp_path / "published"
    path.touch()
    frozen = await started(migrated_database, path, "frozen")
    try:
        async with asyncio.timeout(60):
            while path.read_text().splitlines(keepends=True) != lines:  # noqa: ASYNC110 - another process's work
                await asyncio.sleep(0.02)
        await postgres.execute(ONLY_RELAY.replace("try_", ""))  # given up, or this times out

        async def publish(events: Sequence[Event]) -> None:
            assert len(events) == 3

        assert await PostgresOutbox(postgres).relay(publish, limit=10) == 3
    finally:
        frozen.kill()
        await frozen.wait()


async def test_told_twice_a_decision_takes_effect_once(postgres_of_worker: PostgresPool) -> None:
    await decided(postgres_of_worker)
    posts, told = PostgresPosts(postgres_of_worker), list[Event]()

    async def publish(events: Sequence[Event]) -> None:
        told.extend(events)

    await PostgresOutbox(postgres_of_worker).relay(publish, limit=10)
    before = await posts.get_many(["p0", "p1"])
    for _ in range(2):
        for one in told:
            assert isinstance(one, ModerationResult)
            at = one.timestamp
            assert isinstance(at, float)
            await posts.moderate(
                [
                    moderation(
                        one.post_id, at / 1_000 - NOON, source=one.source, decision=one.decision
                    )
                ]
            )
    assert await posts.get_many(["p0", "p1"]) == before


async def test_of_two_relays_one_works_at_a_time(
    postgres: PostgresPool, migrated_database: str
) -> None:
    await decided(postgres)
    other = await open_pool(migrated_database, timeout=5.0, size=1)
    sent: list[Event] = []

    async def publish(events: Sequence[Event]) -> None:
        assert await PostgresOutbox(other).relay(publish, limit=10) == 0
        sent.extend(events)

    assert await PostgresOutbox(postgres).relay(publish, limit=2) == 2
    assert await PostgresOutbox(postgres).relay(publish, limit=2) == 1
    assert len(sent) == 3
    await other.close()
