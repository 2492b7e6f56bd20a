"""Two consumers write the same posts at once: nothing deadlocks, nothing of either is lost."""

import asyncio

import pytest

from domain.events import Decision
from domain.moderation import ReviewStatus
from domain.posts import PostRecord
from stores.postgres_outbox import PostgresOutbox
from stores.postgres_pool import PostgresPool
from stores.postgres_posts import PostgresPosts
from tests.contracts.events import ingestion, moderation

pytestmark = pytest.mark.integration
IDS = [f"p{number:03}" for number in range(120)]


class Cache:
    """Keeps what consumers load after a write, each post at its highest revision."""

    def __init__(self, posts: PostgresPosts) -> None:
        self._posts = posts
        self.held: dict[str, PostRecord] = {}

    async def load(self, ids: list[str]) -> None:
        for record in await self._posts.get_many(ids):
            if record and record.revision >= self._revision(record.id):
                self.held[record.id] = record

    def _revision(self, post_id: str) -> int:
        return self.held[post_id].revision if post_id in self.held else -1


async def test_posts_and_moderation_meet_in_one_record(postgres: PostgresPool) -> None:
    posts, results = PostgresPosts(postgres), PostgresPosts(postgres)
    cache = Cache(posts)

    async def ingest() -> None:
        for start in range(0, 120, 30):
            ids = IDS[start : start + 30]
            await posts.ingest([ingestion(i, categories={"a": 1, "b": 0.5}) for i in ids])
            await cache.load(ids)

    async def moderate() -> None:
        for start in range(0, 120, 24):
            ids = IDS[start : start + 24][::-1]
            await results.moderate(
                [moderation(i, spam_score=0.1, categories={"b": 1}) for i in ids]
            )
            await cache.load(ids)

    async with asyncio.TaskGroup() as group:
        for work in (ingest, moderate, ingest, moderate):
            group.create_task(work())
    records = await posts.get_many(IDS)
    assert {record.status for record in records if record} == {ReviewStatus.AUTO_APPROVED}
    # What consumers offer to a cache that keeps the highest revision is the truth in the end.
    assert [cache.held[post_id] for post_id in IDS] == records


async def test_a_burst_of_decisions_has_one_revision_each(postgres: PostgresPool) -> None:
    posts = PostgresPosts(postgres)
    await posts.ingest([ingestion("p1")])
    decisions = (Decision.APPROVE, Decision.REJECT)
    async with asyncio.TaskGroup() as group:
        for at in range(1, 21):
            result = moderation("p1", at, source="human:mo", decision=decisions[at % 2])
            group.create_task(posts.moderate([result]))
    (record,) = await posts.get_many(["p1"])
    assert record is not None
    assert record.status is ReviewStatus.APPROVED


async def test_one_relay_at_a_time(postgres: PostgresPool) -> None:
    await postgres.execute(
        "INSERT INTO outbox (topic, event) VALUES ('explore.moderation.result',"
        """ '{"postId": "p", "decision": "NONE", "source": "x", "timestamp": 1}')"""
    )
    outbox = PostgresOutbox(postgres)
    inside = asyncio.Event()
    leave = asyncio.Event()

    async def publish(_events: object) -> None:
        inside.set()
        await leave.wait()

    async with asyncio.TaskGroup() as group:
        first = group.create_task(outbox.relay(publish, limit=5))
        await inside.wait()
        assert await outbox.relay(publish, limit=5) == 0
        leave.set()
    assert first.result() == 1
