"""What becomes of cases by the clock: what would trend comes first, shadow bans end on record."""

from collections.abc import Sequence

import pytest

from consumers.case_upkeep import CaseUpkeep
from domain.eligibility import DAY
from domain.events import Decision, Event, ModerationResult
from domain.moderation import ReviewStatus
from domain.policy_table import SHADOW_BAN_DAYS
from domain.ports.moderation import Review
from stores.postgres_moderation import PostgresModeration
from stores.postgres_moderation_upkeep import PostgresModerationUpkeep
from stores.postgres_outbox import PostgresOutbox
from stores.postgres_pool import PostgresPool
from stores.postgres_posts import PostgresPosts
from tests.contracts.events import NOON, ingestion, moderation
from tests.fakes.clock import FixedClock

pytestmark = pytest.mark.integration
LIKE = """
INSERT INTO reactions (user_id, post_id, type, count, weighed_at, last_sequence, changes, weights,
    weight_times) VALUES ($1, $2, 'LIKE', $3, $4, 0, '{}', '{}', '{}')"""


async def waiting(postgres: PostgresPool) -> list[str]:
    page = await PostgresModeration(postgres).queue(statuses=(), reasons=(), limit=10, after=None)
    return [case.post.id for case in page.cases]


async def test_what_is_held_back_and_would_trend_comes_first(
    postgres: PostgresPool, postgres_of_worker: PostgresPool
) -> None:
    posts, upkeep = PostgresPosts(postgres), PostgresModerationUpkeep(postgres_of_worker)
    await posts.ingest([ingestion(name) for name in ("a", "b", "c", "d")])
    await posts.moderate(
        [
            moderation("b", spam_score=0.6),
            moderation("c", spam_score=0.7),
            moderation("d", spam_score=0.1),
        ]
    )
    assert await waiting(postgres) == ["c", "b"]
    for person in ("ann", "bob", "cyd"):
        for name in ("a", "b", "d"):
            await postgres.execute(LIKE, person, name, 1, NOON + 10)
        await postgres.execute(LIKE, person, "c", int(person != "ann"), NOON + 10)
    assert await upkeep.mark_rising(since=NOON - DAY, people=3) == 2
    assert await upkeep.mark_rising(since=NOON - DAY, people=3) == 0
    # Unclassified "a" is there now; "d" was found harmless and needs nobody.
    assert await waiting(postgres) == ["b", "c", "a"]
    (case,) = await PostgresModeration(postgres).cases(["a"])
    assert case is not None
    assert case.rising
    assert await upkeep.mark_rising(since=NOON + 5, people=3) == 0  # old, and reacted to still
    assert await upkeep.mark_rising(since=NOON + 10, people=3) == 2  # nobody reacts any more
    assert await waiting(postgres) == ["c", "b"]


async def test_a_decided_post_needs_nobody_sooner(
    postgres: PostgresPool, postgres_of_worker: PostgresPool
) -> None:
    posts, upkeep = PostgresPosts(postgres), PostgresModerationUpkeep(postgres_of_worker)
    await posts.ingest([ingestion("a")])
    await postgres.execute(LIKE, "ann", "a", 1, NOON + 10)
    assert await upkeep.mark_rising(since=NOON - DAY, people=1) == 1
    await posts.moderate([moderation("a", spam_score=0.1)])
    assert await upkeep.mark_rising(since=NOON - DAY, people=1) == 1
    (case,) = await PostgresModeration(postgres).cases(["a"])
    assert case is not None
    assert not case.rising


async def test_a_shadow_ban_ends_after_its_days_and_that_is_on_record(
    postgres: PostgresPool, postgres_of_worker: PostgresPool
) -> None:
    posts, cases = PostgresPosts(postgres), PostgresModeration(postgres)
    await posts.ingest([ingestion(name) for name in ("a", "b", "c")])
    await posts.moderate(
        [moderation("a", spam_score=0.1), moderation("c", decision=Decision.SHADOW_BAN)]
    )
    for name, at in (("a", NOON), ("b", NOON + DAY)):
        await cases.decide(name, Review(at, "mo", Decision.SHADOW_BAN, "spam ring", None))
    clock = FixedClock(NOON + SHADOW_BAN_DAYS * DAY + 1)
    upkeep = CaseUpkeep(PostgresModerationUpkeep(postgres_of_worker), clock)
    for _ in range(2):
        await upkeep.end()
    ended, kept, machine = await cases.cases(["a", "b", "c"])
    assert ended is not None
    assert kept is not None
    assert machine is not None
    assert ended.post.status is ReviewStatus.AUTO_APPROVED
    assert [(one.actor, one.decision) for one in ended.history] == [
        ("mo", Decision.SHADOW_BAN),
        ("expiry", Decision.CLEAR),
    ]
    assert kept.post.status is machine.post.status is ReviewStatus.SHADOW_BANNED
    published: list[Event] = []

    async def publish(events: Sequence[Event]) -> None:
        published.extend(events)

    await PostgresOutbox(postgres_of_worker).relay(publish, limit=10)
    last = published[-1]
    assert isinstance(last, ModerationResult)
    assert (last.post_id, last.decision, last.source) == ("a", Decision.CLEAR, "human:expiry")
