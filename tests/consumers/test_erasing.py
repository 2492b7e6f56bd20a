"""An erased person is nowhere any more, counts nowhere, and comes back by no replay."""

import asyncio
import re
from collections.abc import Mapping, Sequence

import pytest
from typing_extensions import override

from consumers.batches import Batch, Handler, Received
from consumers.checkpointing import CheckpointedCounters
from consumers.erased_people import REFRESH, ErasedPeople
from consumers.erasing import KNOWN, PATIENCE, REPEAT, SETTLED, Erasing
from consumers.forgetful import Forgetful
from consumers.handlers.engagement import Engagement
from consumers.handlers.erase import Erase
from domain.erasure import MARK, Phase, Tombstone
from domain.errors import Unavailable
from domain.events import (
    ENGAGEMENT_UPDATED,
    USER_UPDATED,
    Action,
    EngagementType,
    EngagementUpdated,
    Event,
    UserFollowed,
    UserInteraction,
    UserUpdated,
)
from domain.interests import InterestProfile
from domain.moderation import SafetyReason
from domain.ports.follows import StoredRelation
from domain.ports.hashtags import HashtagUse
from domain.ports.interactions import InteractionRow
from domain.posts import PostStats
from domain.viewer import ViewerState
from stores import keys
from stores.postgres_checkpoints import PostgresCheckpoints
from stores.postgres_erasures import PostgresErasures
from stores.postgres_follows import PostgresFollows
from stores.postgres_hashtags import PostgresHashtags
from stores.postgres_interactions import PostgresInteractions
from stores.postgres_moderation import PostgresModeration
from stores.postgres_personal_data import PostgresPersonalData
from stores.postgres_pool import PostgresPool
from stores.postgres_posts import PostgresPosts
from stores.postgres_profiles import PostgresProfiles
from stores.postgres_reactions import PostgresReactions
from stores.postgres_viewer_states import PostgresViewerStates
from stores.redis_checkpoints import RedisCheckpoints
from stores.redis_client import RedisClient
from stores.redis_counters import RedisCounters
from stores.redis_log import RedisLog
from stores.redis_personal_data import RedisCounted, RedisPersonalData
from stores.redis_pools import RedisPools, RedisPoolWriter
from stores.redis_profiles import RedisProfiles, RedisSeen
from stores.redis_protocol import as_bytes, as_list
from stores.redis_viewers import RedisViewers
from tests.consumers.log import NOON, Log, batch_of, consume
from tests.contracts.events import ingestion, moderation
from tests.fakes.clock import FixedClock
from tests.fakes.erasures import MemoryErasures
from tests.fakes.publisher import MemoryPublisher

EVE, ANN = "eve.7f3a", "ann.91c2"
POSTS = ("p0", "p1", "p2")
TRENDS = [f"trending:{window}:global" for window in ("HOUR", "DAY", "WEEK")]
DUMP = "SELECT t::text AS row FROM {} t"


def reaction(
    person: str | None, post_id: str, kind: EngagementType, delta: int = 1, *, at: float = 0.0
) -> EngagementUpdated:
    return EngagementUpdated(
        post_id=post_id, type=kind, delta=delta, timestamp=(NOON + at) * 1_000.0, user_id=person
    )


def told(*people: str) -> list[Event]:
    """What these people did to the posts; on the first one enough to trend."""
    events: list[Event] = [
        reaction(f"other{n}", "p0", EngagementType.LIKE, at=n) for n in range(3)
    ]
    for person in people:
        events += [
            reaction(person, "p0", EngagementType.LIKE, at=10.0),
            reaction(person, "p0", EngagementType.VIEW, at=11.0),
            reaction(person, "p1", EngagementType.SAVE, at=12.0),
            *(reaction(person, "p1", EngagementType.COMMENT, at=13.0 + n) for n in range(3)),
            reaction(person, "p2", EngagementType.LIKE, at=20.0),
            reaction(person, "p2", EngagementType.LIKE, -1, at=21.0),
        ]
    return events


class World:
    """The stores, and one partition of the engagement topic that publishing appends to."""

    def __init__(self, redis: RedisClient, postgres: PostgresPool) -> None:
        self.redis, self.postgres = redis, postgres
        self.clock = FixedClock(NOON + 100.0)
        self.erasures = PostgresErasures(postgres)
        self.data = PostgresPersonalData(postgres)
        self.viewers = RedisViewers(redis)
        self.counters = RedisCounters(redis)
        self.log: list[Event] = []
        self.erasing = self.eraser()
        self.offset = 0

    def eraser(self) -> Erasing:
        return Erasing(
            erasures=self.erasures,
            stores=(self.data, RedisPersonalData(self.redis)),
            reactions=self.data,
            reactions_store="postgresql",
            counted=RedisCounted(self.redis, PostgresCheckpoints(self.postgres)),
            publisher=self,
            clock=self.clock,
        )

    async def publish(self, events: Sequence[Event]) -> None:
        self.log += events

    async def count(self) -> None:
        """The engagement consumer starts anew and reads to the end of the log."""
        posts = PostgresPosts(self.postgres)
        counters = CheckpointedCounters(
            self.counters,
            RedisCounters(self.redis, keys.prepared_counters),
            RedisCheckpoints(self.redis),
            PostgresCheckpoints(self.postgres),
            self.clock,
        )
        engagement = Engagement(
            counters,
            PostgresReactions(self.postgres),
            posts,
            RedisPoolWriter(self.redis),
            MemoryPublisher(),
        )
        forgetful = Forgetful(engagement, ErasedPeople(self.erasures, self.clock))
        await consume(_Fenced(engagement, forgetful), Log(ENGAGEMENT_UPDATED.name, self.log), 5)
        await counters.keep_all()

    async def prepare(self, *people: str) -> None:
        await RedisLog(self.redis).note_partitions({ENGAGEMENT_UPDATED.name: 1})
        posts = PostgresPosts(self.postgres)
        for post_id in POSTS:
            await posts.ingest([ingestion(post_id, tags=["cats"])])
            await posts.moderate([moderation(post_id, spam_score=0.1, nsfw_score=0.0)])
        self.log += told(*people)
        await self.count()
        for person in people:
            await self._live(person)

    async def _live(self, person: str) -> None:
        """Everything else that is kept of a person who uses the service."""
        await PostgresInteractions(self.postgres).insert(
            [
                InteractionRow(
                    0, len(person) + n, NOON + n, person, Action.LIKE, "p0", None, None, True
                )
                for n in range(3)
            ]
        )
        follows = PostgresFollows(self.postgres)
        relation = StoredRelation(0, 1, NOON, person, "someone", active=True)
        await follows.follow([relation])
        await follows.block([relation])
        await PostgresHashtags(self.postgres).use([HashtagUse("cats", person, "p0", NOON, None)])
        report = PostgresModeration(self.postgres).report
        await report("p0", reporter=person, reason=SafetyReason.SPAM, note=None, at=NOON)
        profile = InterestProfile(fence=3, at=NOON, interactions=2, last_active=NOON)
        await PostgresProfiles(self.postgres).write_many({person: profile})
        await RedisProfiles(self.redis).put({person: profile})
        await RedisSeen(self.redis).put({person: b"seen"}, loaded={})
        await self.viewers.write_state(person, ViewerState(version=1), expected=0)
        await PostgresViewerStates(self.postgres).write(person, ViewerState(version=1))
        for number in range(2):
            session = f"session of {person[:3]} {number}"
            packed = f"pages of {person}".encode()
            await self.viewers.write_session(session, packed, viewer_id=person, served=b"served")
        await self.redis.run([("SET", keys.limit(f"viewer:{person}"), b"1")])

    async def ask(self, person: str) -> None:
        """The worker looks once a second, so that it takes it up at once."""
        await self.erasures.request(person, self.clock.now())
        await self.tick(0.0)

    async def tick(self, seconds: float) -> None:
        self.clock.advance(seconds)
        await self.erasing.advance()

    async def erase(self, person: str) -> None:
        receipt = await self.erasures.request(person, self.clock.now())
        assert (await self.erasures.request(person, self.clock.now() + 1.0)) == receipt
        await self.tick(0.0)
        await self.tick(KNOWN)
        await self.count()
        await self.tick(1.0)
        await self.tick(SETTLED)

    async def dump(self) -> list[str]:
        """Everything in PostgreSQL and Redis, a line for each row or key."""
        tables = await self.postgres.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        )
        lines: list[str] = []
        for name in (row["tablename"] for row in tables):
            rows = await self.postgres.fetch(DUMP.format(name))
            lines += [f"{name} {row['row']}" for row in rows]
        (found,) = await self.redis.run([("KEYS", "*")])
        for key in sorted(as_bytes(one) or b"" for one in as_list(found)):
            (value,) = await self.redis.run([("DUMP", key)])
            lines.append(f"{key!r} {value!r}")
        return lines

    async def stats(self) -> list[PostStats]:
        return list(await self.counters.stats(POSTS))

    async def trends(self) -> list[dict[str, float]]:
        found = await RedisPools(self.redis).read(TRENDS, 10)
        return [
            {post_id: round(score, 6) for post_id, score in zip(one.ids, one.scores, strict=True)}
            for one in found
        ]


class _Fenced:
    """Opens as one handler does and applies as another, around it."""

    def __init__(self, inner: Engagement, outer: Handler) -> None:
        self._inner = inner
        self._outer = outer

    async def open(self, partitions: Sequence[int]) -> Mapping[int, int]:
        return await self._inner.open(partitions)

    async def apply(self, batch: Batch) -> None:
        await self._outer.apply(batch)


@pytest.fixture
async def world(redis: RedisClient, postgres_of_worker: PostgresPool) -> World:
    return World(redis, postgres_of_worker)


def naming(person: str, lines: Sequence[str]) -> list[str]:
    return [line for line in lines if person in line]


def of_others(person: str, lines: Sequence[str]) -> list[str]:
    """What an erasure may not change: the rows and keys of others, without shared counts."""
    shared = re.compile(
        r"content_flags|counter_|erasures|hashtag_totals|b'explore:(counters|trending|pools|changes|session:)"
    )
    return [line for line in lines if person not in line and not shared.match(line)]


@pytest.mark.integration
async def test_nothing_of_the_person_is_left_and_all_of_the_others(world: World) -> None:
    await world.prepare(EVE, ANN)
    before = await world.dump()
    assert len(naming(EVE, before)) > 15
    await world.erase(EVE)
    after = await world.dump()
    assert naming(EVE, after) == []
    assert of_others(EVE, before) == of_others(EVE, after)
    assert naming(ANN, before) == naming(ANN, after)
    receipt = await world.erasures.latest(EVE)
    assert receipt is not None
    assert receipt.completed_at is not None
    assert receipt.completed_at == world.clock.now()
    assert receipt.completed_at - receipt.requested_at < 60.0
    assert receipt.stores == {"postgresql": 13, "redis": 8}
    assert await world.erasures.under_way(10) == []


@pytest.mark.integration
async def test_what_the_person_liked_counts_as_if_it_had_never_been(world: World) -> None:
    await world.prepare(EVE, ANN)
    assert await world.stats() == [
        PostStats(likes=5, views=2),
        PostStats(comments=6),
        PostStats(),
    ]
    with_eve = await world.trends()
    await world.erase(EVE)
    # Views are counted and kept of nobody.
    assert await world.stats() == [PostStats(likes=4, views=2), PostStats(comments=3), PostStats()]
    assert await world.trends() != with_eve
    flags = await world.postgres.fetchrow("SELECT reports FROM content_flags WHERE post_id = 'p0'")
    totals = await world.postgres.fetchrow("SELECT uses FROM hashtag_totals")
    assert flags is not None
    assert totals is not None
    assert (flags["reports"], totals["uses"]) == (1, 1)


@pytest.mark.integration
async def test_records_that_the_log_still_keeps_bring_nothing_back(
    world: World, postgres: PostgresPool
) -> None:
    await world.prepare(EVE, ANN)
    await world.erase(EVE)
    stats, trends = await world.stats(), await world.trends()
    await world.redis.run([("FLUSHALL",)])
    await postgres.execute("TRUNCATE counter_fences, counter_checkpoints")
    await RedisLog(world.redis).note_partitions({ENGAGEMENT_UPDATED.name: 1})
    await world.count()
    assert await world.stats() == stats
    assert await world.trends() == trends
    assert naming(EVE, await world.dump()) == []


@pytest.mark.integration
async def test_a_worker_that_dies_at_any_step_goes_on_where_it_was(world: World) -> None:
    await world.prepare(EVE)
    await world.ask(EVE)
    await world.tick(KNOWN)
    first = len(world.log)
    # It died before it noted that the events are published: they are published again.
    (held,) = await world.erasures.under_way(1)
    await world.erasures.enter(held.id, Phase.ASKED, {}, at=0.0)
    world.erasing = world.eraser()
    await world.tick(0.0)
    await world.tick(KNOWN)
    ids = [one.event_id for one in world.log if isinstance(one, EngagementUpdated)]
    again = [one for one in ids if one is not None and one.startswith(MARK)]
    assert len(world.log) > first
    assert len(again) == 2 * len(set(again)) == 10
    await world.count()
    await world.tick(1.0)
    world.erasing = world.eraser()
    await world.tick(0.0)
    await world.tick(SETTLED)
    assert await world.stats() == [PostStats(likes=3, views=1), PostStats(), PostStats()]
    assert naming(EVE, await world.dump()) == []


@pytest.mark.integration
async def test_reactions_stay_until_the_counters_hold_that_they_were_taken_back(
    world: World,
) -> None:
    await world.prepare(EVE)
    await world.ask(EVE)
    await world.tick(KNOWN)
    await world.tick(SETTLED)  # nobody counts
    assert await world.data.find(EVE) == ["reactions.user_id"]
    assert [one.phase for one in await world.erasures.under_way(1)] == [Phase.ASKED]
    await world.tick(0.0)
    await world.tick(REPEAT)
    await world.count()
    await world.tick(0.0)
    await world.tick(SETTLED)
    assert await world.data.find(EVE) == []
    assert await world.stats() == [PostStats(likes=3, views=1), PostStats(), PostStats()]


@pytest.mark.integration
async def test_counters_that_never_answer_do_not_keep_a_person_here(world: World) -> None:
    await world.prepare(EVE)
    await world.ask(EVE)
    await world.tick(KNOWN)
    await world.tick(PATIENCE)
    await world.tick(1.0)
    assert naming(EVE, await world.dump()) == []


@pytest.mark.integration
async def test_an_erasure_that_is_taken_up_late_waits_for_the_counters_all_the_same(
    world: World,
) -> None:
    await world.prepare(EVE)
    await world.erasures.request(EVE, world.clock.now())
    world.clock.advance(PATIENCE + SETTLED)  # all consumers are down
    for _ in range(5):
        await world.tick(1.0)
    assert "reactions.user_id" in await world.data.find(EVE)
    await world.count()
    await world.tick(SETTLED)
    await world.tick(0.0)
    assert await world.stats() == [PostStats(likes=3, views=1), PostStats(), PostStats()]
    assert naming(EVE, await world.dump()) == []


@pytest.mark.integration
async def test_what_arrives_meanwhile_goes_as_well(world: World) -> None:
    await world.prepare(EVE)
    await world.ask(EVE)
    await world.tick(KNOWN)
    await world.count()
    await world.tick(1.0)
    late = InterestProfile(fence=9, at=NOON, last_active=NOON)
    await RedisProfiles(world.redis).put({EVE: late})
    await PostgresProfiles(world.postgres).write_many({EVE: late})  # is not taken
    await world.viewers.write_session("late", EVE.encode(), viewer_id=EVE, served=None)
    assert await world.data.find(EVE) == ["reactions.user_id"]
    await world.tick(SETTLED)
    assert naming(EVE, await world.dump()) == []
    await PostgresProfiles(world.postgres).write_many({EVE: late})
    assert await world.data.find(EVE) == []
    back = InterestProfile(fence=9, at=NOON, last_active=world.clock.now() + 1.0)
    await PostgresProfiles(world.postgres).write_many({EVE: back})
    assert await world.data.find(EVE) == ["user_interest_profiles.user_id"]


# ---------------------------------------------------------------------- tombstones


class _Heard(Handler):
    def __init__(self) -> None:
        self.batches: list[Batch] = []

    @override
    def check(self, received: Received) -> None:
        """Nothing is refused."""

    @override
    async def apply(self, batch: Batch) -> None:
        self.batches.append(batch)


async def test_consumers_hear_nothing_of_erased_people_until_they_come_back() -> None:
    clock, erasures, heard = FixedClock(NOON), MemoryErasures(NOON), _Heard()
    handler = Forgetful(heard, ErasedPeople(erasures, clock))
    events: list[Event] = [
        reaction("eve", "p", EngagementType.LIKE),
        reaction("eve", "p", EngagementType.VIEW),
        reaction("ann", "p", EngagementType.LIKE),
        EngagementUpdated(
            post_id="p",
            type=EngagementType.LIKE,
            delta=-1,
            timestamp=NOON * 1_000.0,
            user_id="eve",
            event_id=f"{MARK}LIKE:1:0",
        ),
        UserInteraction(event_id="i", user_id="eve", action=Action.VIEW, timestamp=NOON * 1_000.0),
        UserFollowed(user_id="eve", target_id="ann", active=True, timestamp=NOON * 1_000.0),
        UserFollowed(user_id="ann", target_id="eve", active=True, timestamp=NOON * 1_000.0),
    ]
    batch = batch_of("any", *events)
    await handler.apply(batch)
    assert heard.batches == [batch]
    receipt = await erasures.request("eve", NOON)
    clock.advance(REFRESH)
    await handler.apply(batch)
    kept = [one.event for one in heard.batches[-1].received]
    assert kept == [events[1], events[2], events[3], events[6]]
    assert heard.batches[-1].through == batch.through
    erasures.now = NOON + 5.0
    await erasures.complete(receipt.id, NOON + 5.0, {})
    clock.advance(REFRESH)
    before, after = (
        batch_of("any", reaction("eve", "p", EngagementType.LIKE, at=at)) for at in (5, 6)
    )
    await handler.apply(before)
    await handler.apply(after)
    assert [len(one.received) for one in heard.batches[-2:]] == [0, 1]


async def test_without_knowing_who_is_erased_nothing_is_applied() -> None:
    class Away(MemoryErasures):
        @override
        async def tombstones(self, since: float) -> Sequence[Tombstone]:
            raise Unavailable("postgresql")

    heard = _Heard()
    handler = Forgetful(heard, ErasedPeople(Away(), FixedClock(NOON)))
    with pytest.raises(Unavailable):
        await handler.apply(batch_of("any", reaction("eve", "p", EngagementType.LIKE)))
    assert heard.batches == []


async def test_a_deleted_account_is_erased_once() -> None:
    erasures = MemoryErasures()
    handler = Erase(erasures)
    gone = UserUpdated(user_id="eve", handle="e", display_name="E", deleted=True)
    stays = UserUpdated(user_id="ann", handle="a", display_name="A")
    await handler.apply(batch_of(USER_UPDATED.name, stays, gone))
    (held,) = await erasures.under_way(10)
    assert (held.subject, held.requested_at) == ("eve", NOON)
    await erasures.complete(held.id, NOON + 20.0, {})
    await handler.apply(batch_of(USER_UPDATED.name, gone))
    assert await erasures.under_way(10) == []


@pytest.mark.integration
async def test_asked_many_times_at_once_it_is_one_erasure(postgres_of_api: PostgresPool) -> None:
    erasures = PostgresErasures(postgres_of_api)
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(erasures.request(EVE, NOON + n)) for n in range(8)]
    assert len({task.result().id for task in asked}) == 1
    assert len(await erasures.under_way(10)) == 1
