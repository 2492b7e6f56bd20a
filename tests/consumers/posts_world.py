"""The two consumers that change posts, over stores in memory."""

from dataclasses import dataclass, field

from consumers.creator_changes import CreatorChanges
from consumers.creator_counts import CreatorCounts
from consumers.handlers.moderation import Moderation
from consumers.handlers.posts import Posts
from consumers.post_changes import PostChanges
from domain.events import (
    CategoryGuess,
    Decision,
    EngagementType,
    EngagementUpdated,
    Event,
    ModerationResult,
    PostIngested,
)
from domain.topics import MODERATION_RESULT, POST_INGESTED
from tests.consumers.log import NOON, batch_of
from tests.fakes.clock import FixedClock
from tests.fakes.creators import MemoryCreators
from tests.fakes.follows import MemoryFollows
from tests.fakes.pools import MemoryPools
from tests.fakes.posts import MemoryPosts
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.records import MemoryCreatorRecords, MemoryPostRecords


@dataclass
class World:
    posts: MemoryPosts = field(default_factory=MemoryPosts)
    pools: MemoryPools = field(default_factory=MemoryPools)
    publisher: MemoryPublisher = field(default_factory=MemoryPublisher)
    follows: MemoryFollows = field(default_factory=MemoryFollows)

    def __post_init__(self) -> None:
        self.cache = MemoryPostRecords(self.posts)
        self.creators = MemoryCreators(self.posts, self.follows)
        self.creator_cache = MemoryCreatorRecords(self.creators)
        self.counts = CreatorCounts(CreatorChanges(self.creators, self.creator_cache, self.pools))

    @property
    def changes(self) -> PostChanges:
        clock = FixedClock(NOON)
        return PostChanges(self.posts, self.cache, self.pools, self.publisher, self.counts, clock)

    async def ingest(self, *events: Event, topic: str = POST_INGESTED.name) -> None:
        creators = CreatorChanges(self.creators, self.creator_cache, self.pools)
        handler = Posts(self.posts, self.changes, creators, self.follows)
        await handler.apply(batch_of(topic, *events))

    async def judge(self, *events: Event) -> None:
        handler = Moderation(self.posts, self.changes)
        await handler.apply(batch_of(MODERATION_RESULT.name, *events))

    def lists_of(self, post_id: str) -> set[str]:
        return {name for name, members in self.pools.members.items() if post_id in members}

    def looks(self) -> list[str]:
        """The posts that the owner of their counters was asked to look at; told once."""
        events, self.publisher.events = self.publisher.events, []
        steps = [event for event in events if isinstance(event, EngagementUpdated)]
        assert all((one.type, one.delta) == (EngagementType.VIEW, 0) for one in steps)
        return [one.post_id for one in steps]


def post(post_id: str = "p", *slugs: str, deleted: bool = False) -> PostIngested:
    return PostIngested(
        post_id=post_id,
        author_id="ann",
        content="text",
        created_at=(NOON - 60) * 1_000,
        tags=["#Cats"],
        categories=[CategoryGuess(slug=slug, confidence=1.0) for slug in slugs or ("pets",)],
        deleted=deleted,
    )


def judged(
    decision: Decision = Decision.NONE, post_id: str = "p", *, source: str = "classifier"
) -> ModerationResult:
    return ModerationResult(
        post_id=post_id,
        decision=decision,
        source=source,
        timestamp=NOON * 1_000,
        spam_score=0.1,
    )


def scored(source: str, at: float, spam: float) -> ModerationResult:
    return ModerationResult(
        post_id="p",
        decision=Decision.NONE,
        source=source,
        timestamp=(NOON + at) * 1_000,
        spam_score=spam,
    )


async def counted(world: World, since: str = "0") -> tuple[int, tuple[str, ...], list[str]]:
    """What the cache counts for Ann, and the creators announced, after a round of counting."""
    await world.counts.work_off()
    (ann,) = await world.creator_cache.get_many(["ann"])
    assert ann is not None
    return ann.post_count, ann.top_categories, list((await world.pools.news(since)).creators)
