"""People with all that is kept of them, in real stores, and a worker that erases them."""

import re
from collections.abc import Mapping, Sequence

from consumers.batches import Batch, Handler
from consumers.checkpointing import CheckpointedCounters
from consumers.erased_people import ErasedPeople
from consumers.erasing import KNOWN, SETTLED, Erasing
from consumers.forgetful import Forgetful
from consumers.handlers.engagement import Engagement
from domain.events import Action, EngagementType, EngagementUpdated, Event
from domain.interests import InterestProfile
from domain.moderation import SafetyReason
from domain.ports.follows import StoredRelation
from domain.ports.hashtags import HashtagUse
from domain.ports.interactions import InteractionRow
from domain.posts import PostStats
from domain.topics import ENGAGEMENT_UPDATED
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
from tests.consumers.log import NOON, Log, consume
from tests.contracts.events import ingestion, moderation
from tests.fakes.clock import FixedClock
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


def naming(person: str, lines: Sequence[str]) -> list[str]:
    return [line for line in lines if person in line]


def of_others(person: str, lines: Sequence[str]) -> list[str]:
    """What an erasure may not change: the rows and keys of others, without shared counts."""
    shared = re.compile(
        r"content_flags|counter_|erasures|hashtag_totals|b'explore:(counters|trending|pools|changes|session:)"
    )
    return [line for line in lines if person not in line and not shared.match(line)]
