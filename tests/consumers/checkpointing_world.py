"""Counters that are kept in checkpoints, and a consumer that may die over them."""

from collections.abc import Sequence
from random import Random

from consumers.checkpointing import INTERVAL, CheckpointedCounters
from consumers.handlers.engagement import Engagement
from domain.events import EngagementType, EngagementUpdated
from domain.topics import ENGAGEMENT_UPDATED
from stores import keys
from stores.postgres_checkpoints import PostgresCheckpoints
from stores.postgres_pool import PostgresPool
from stores.postgres_reactions import PostgresReactions
from stores.redis_checkpoints import RedisCheckpoints
from stores.redis_client import RedisClient
from stores.redis_counters import RedisCounters
from stores.redis_pools import RedisPools, RedisPoolWriter
from stores.redis_protocol import as_list
from tests.consumers.log import NOON, Log, consume
from tests.consumers.mortality import Fate, mortal
from tests.contracts.events import ingestion, moderation
from tests.fakes.clock import FixedClock
from tests.fakes.posts import MemoryPosts
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.records import MemoryPostRecords

POSTS = [f"p{number}" for number in range(12)]
LISTS = [
    f"trending:{window}:{scope}"
    for window in ("HOUR", "DAY", "WEEK")
    for scope in ("global", "region:DE", "cat:pets", "tag:cats")
]


class World:
    def __init__(self, redis: RedisClient, postgres: PostgresPool) -> None:
        self.redis, self.postgres = redis, postgres
        self.clock = FixedClock(NOON)
        self.fate = Fate()
        self.posts = MemoryPosts()
        self.checkpoints = PostgresCheckpoints(postgres)
        self.counters = self.new_counters()

    def new_counters(self) -> CheckpointedCounters:
        """Those of a new process."""
        self.counters = CheckpointedCounters(
            mortal(RedisCounters(self.redis), self.fate),
            mortal(RedisCounters(self.redis, keys.prepared_counters), self.fate),
            mortal(RedisCheckpoints(self.redis), self.fate),
            self.checkpoints,
            self.clock,
        )
        return self.counters

    def new_engagement(self) -> Engagement:
        """The consumer over the counters at hand."""
        return Engagement(
            self.counters,
            PostgresReactions(self.postgres),
            MemoryPostRecords(self.posts),
            mortal(RedisPoolWriter(self.redis), self.fate),
            mortal(MemoryPublisher(), self.fate),
        )

    async def prepare(self) -> None:
        for post_id in POSTS:
            told = ingestion(post_id, tags=["cats"], categories={"pets": 0.9}, region="DE")
            await self.posts.ingest([told])
            await self.posts.moderate([moderation(post_id, spam_score=0.1, nsfw_score=0.0)])

    async def read(self, log: Log, size: int = 20) -> None:
        """A life of the consumer over the counters at hand."""
        await consume(self.new_engagement(), log, size)

    async def due(self) -> None:
        self.clock.advance(INTERVAL)
        await self.counters.keep_due()

    async def lists(self) -> object:
        lists = await RedisPools(self.redis).read(LISTS, 100)
        return [(list(one.ids), one.scores.tolist()) for one in lists]

    async def outcome(self) -> object:
        (flat,) = await self.redis.run([("HGETALL", keys.counters(0))])
        pairs = as_list(flat)
        fields = dict(zip(map(str, pairs[::2]), pairs[1::2], strict=True))
        # What is done again after a crash depends on where the last batch began.
        fields.pop(str(b"@unfinished"))
        return fields, await self.lists()


def history(size: int, partition: int = 0, posts: Sequence[str] = POSTS) -> Log:
    random = Random(1)
    events = [
        EngagementUpdated(
            post_id=random.choice(posts),
            type=random.choice([EngagementType.LIKE, EngagementType.COMMENT, EngagementType.VIEW]),
            delta=1 if person is None else random.choice([1, 1, -1]),
            timestamp=(NOON + number) * 1_000.0,
            user_id=person,
            event_id=random.choice([None, f"e{random.randrange(40)}"]),
            region=random.choice([None, "US"]),
        )
        for number in range(size)
        for person in [random.choice([None, *(f"u{one}" for one in range(6))])]
    ]
    return Log(ENGAGEMENT_UPDATED.name, events, partition)


def until(log: Log, end: int) -> Log:
    return Log(log.topic, log.events[:end])
