"""``posts`` and ``moderation``: what follows from a change of a post, a creator, a relation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

import pytest
from msgspec import structs
from typing_extensions import override

from consumers.creator_changes import CreatorChanges
from consumers.creator_counts import CreatorCounts
from consumers.handlers.moderation import Moderation
from consumers.handlers.posts import Posts
from consumers.post_changes import PostChanges
from domain.errors import Unavailable
from domain.events import (
    MODERATION_RESULT,
    POST_INGESTED,
    USER_BLOCKED,
    USER_FOLLOWED,
    USER_UPDATED,
    CategoryGuess,
    Decision,
    EngagementType,
    EngagementUpdated,
    Event,
    ModerationResult,
    PostIngested,
    UserBlocked,
    UserFollowed,
    UserUpdated,
)
from domain.ports.posts import StoredModeration
from domain.posts import PostRecord
from tests.consumers.log import NOON, batch_of
from tests.consumers.mortality import Died, Fate, mortal
from tests.fakes.clock import FixedClock
from tests.fakes.creators import MemoryCreators
from tests.fakes.follows import MemoryFollows
from tests.fakes.outages import Outage
from tests.fakes.pools import MemoryPools
from tests.fakes.posts import MemoryPosts
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.records import MemoryCreatorRecords, MemoryPostRecords

P = TypeVar("P")


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


async def test_an_unclassified_post_is_on_its_authors_page_only() -> None:
    world = World()
    await world.ingest(post())
    assert world.lists_of("p") == {"author:ann"}
    assert world.looks() == []
    assert list((await world.pools.news("0")).posts) == ["p"]
    (record,) = await world.cache.held(["p"])
    assert record is not None


async def test_a_harmless_post_joins_the_fresh_lists_by_its_creation_time() -> None:
    world = World()
    await world.ingest(post())
    await world.judge(judged())
    assert world.lists_of("p") == {"author:ann", "fresh:all", "fresh:pets"}
    assert world.pools.members["fresh:all"] == {"p": NOON - 60}
    assert world.looks() == ["p"]


async def test_a_judgment_that_comes_first_is_kept_and_applies() -> None:
    world = World()
    await world.judge(judged())
    assert world.lists_of("p") == set()
    await world.ingest(post())
    assert world.lists_of("p") == {"author:ann", "fresh:all", "fresh:pets"}
    assert world.looks() == ["p"]


async def test_a_rejected_post_leaves_every_list_and_a_cleared_one_returns() -> None:
    world = World()
    await world.ingest(post())
    await world.judge(judged())
    world.looks()
    await world.judge(judged(Decision.REJECT, source="human:mo"))
    assert world.lists_of("p") == set()
    assert world.looks() == ["p"]
    await world.judge(judged(Decision.CLEAR, source="human:mo"))
    assert world.lists_of("p") == {"author:ann", "fresh:all", "fresh:pets"}
    assert world.looks() == ["p"]


def scored(source: str, at: float, spam: float) -> ModerationResult:
    return ModerationResult(
        post_id="p",
        decision=Decision.NONE,
        source=source,
        timestamp=(NOON + at) * 1_000,
        spam_score=spam,
    )


async def test_records_and_lists_keep_to_what_a_person_said_until_it_is_cleared() -> None:
    world = World()
    await world.ingest(post())
    await world.judge(scored("human:mo", 1, 0.0))
    await world.judge(scored("classifier", 2, 0.9))
    (record,) = await world.cache.held(["p"])
    assert record is not None
    assert (record.scores.spam, record.recommendable) == (0.0, True)
    assert "fresh:all" in world.lists_of("p")
    clear = scored("human:mo", 3, 0.0)
    await world.judge(structs.replace(clear, decision=Decision.CLEAR, spam_score=None))
    (record,) = await world.cache.held(["p"])
    assert record is not None
    assert (record.scores.spam, record.recommendable) == (0.9, False)
    assert "fresh:all" not in world.lists_of("p")


async def test_a_post_that_moves_to_another_category_leaves_the_first_ones_list() -> None:
    world = World()
    await world.ingest(post())
    await world.judge(judged())
    world.looks()
    await world.ingest(post("p", "art"))
    assert world.lists_of("p") == {"author:ann", "fresh:all", "fresh:art"}
    assert world.looks() == ["p"]


async def test_a_deleted_post_leaves_every_list() -> None:
    world = World()
    await world.ingest(post())
    await world.judge(judged())
    world.looks()
    await world.ingest(post(deleted=True))
    assert world.lists_of("p") == set()
    assert world.looks() == ["p"]


async def test_the_same_batch_again_changes_nothing_and_asks_nobody() -> None:
    world = World()
    await world.ingest(post())
    await world.judge(judged())
    members = {name: dict(pool) for name, pool in world.pools.members.items()}
    world.looks()
    await world.ingest(post())
    await world.judge(judged())
    assert world.pools.members == members
    assert world.looks() == []


class Overtaken(MemoryPosts):
    """Another consumer rejects the post right after it was read for the first time."""

    def __init__(self) -> None:
        super().__init__()
        self.other: World | None = None

    @override
    async def get_many(self, ids: Sequence[str]) -> Sequence[PostRecord | None]:
        found = await super().get_many(ids)
        other, self.other = self.other, None
        if other is not None:
            await other.judge(judged(Decision.REJECT, source="human:mo"))
        return found


async def test_of_two_writers_at_one_post_the_later_revision_decides() -> None:
    posts = Overtaken()
    slow = World(posts=posts)
    await slow.judge(judged())
    fast = World(posts=posts, pools=slow.pools, publisher=slow.publisher)
    fast.cache = slow.cache
    posts.other = fast
    await slow.ingest(post())
    assert slow.lists_of("p") == set()
    (record,) = await slow.cache.held(["p"])
    assert record is not None
    assert not record.recommendable


class Outcome(NamedTuple):
    """What lists, the owner of the counters and the author's counts were told of a change."""

    lists: set[str]
    looks: set[str]
    counts: tuple[int, tuple[str, ...]]


@dataclass
class Interrupted:
    """The two consumers of a world whose ports fail once, between any two steps of a change."""

    fate: Fate
    world: World = field(default_factory=World)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """New processes over the same stores."""
        projection, cache = self.port(self.world.posts), self.port(self.world.cache)
        lists, publisher = self.port(self.world.pools), self.port(self.world.publisher)
        creators = CreatorChanges(self.world.creators, self.world.creator_cache, self.world.pools)

        def changes() -> PostChanges:
            clock = FixedClock(NOON)
            return PostChanges(projection, cache, lists, publisher, self.world.counts, clock)

        self.posts = Posts(projection, changes(), creators, self.world.follows)
        self.moderation = Moderation(projection, changes())

    def port(self, port: P) -> P:
        return mortal(port, self.fate)

    async def tell(self, event: Event) -> None:
        if isinstance(event, ModerationResult):
            await self.moderation.apply(batch_of(MODERATION_RESULT.name, event))
        else:
            topic = POST_INGESTED if isinstance(event, PostIngested) else USER_UPDATED
            await self.posts.apply(batch_of(topic.name, event))

    async def outcome(self, *events: Event) -> Sequence[Outcome]:
        """At each step; what failed is tried again, by another process where this one died."""
        found: list[Outcome] = []
        for event in events:
            try:
                await self.tell(event)
            except Unavailable:
                await self.tell(event)
            except Died:
                self.fate = Fate()
                self.start()
                await self.tell(event)
            lists, looks = self.world.lists_of("p"), set(self.world.looks())
            found.append(Outcome(lists, looks, (await counted(self.world))[:2]))
        return found


GONE = UserUpdated(user_id="ann", handle="Ann", display_name="Ann", deleted=True)


every_change = pytest.mark.parametrize(
    "events",
    [
        [post("q"), judged(), post()],
        [post(), judged(), post("p", "art")],
        [post(), judged(), scored("classifier", 2, 0.9), scored("classifier", 3, 0.1)],
        [post(), judged(), judged(Decision.REJECT, source="human:mo"), post(deleted=True)],
        [post(), judged(), GONE],
    ],
    ids=["judged first", "moved", "spam for a while", "rejected", "author gone"],
)


@every_change
async def test_an_outage_amid_a_change_does_not_hide_what_changed(events: list[Event]) -> None:
    undisturbed = Interrupted(Fate())
    truth = await undisturbed.outcome(*events)
    for moment in range(undisturbed.fate.moments):
        disturbed = Interrupted(Fate(moment, Unavailable("redis")))
        assert await disturbed.outcome(*events) == truth, moment


@every_change
async def test_a_crash_amid_a_change_does_not_hide_what_changed(events: list[Event]) -> None:
    undisturbed = Interrupted(Fate())
    truth = [(one.lists, one.looks) for one in await undisturbed.outcome(*events)]
    for moment in range(undisturbed.fate.moments):
        outcome = await Interrupted(Fate(moment)).outcome(*events)
        assert [(one.lists, one.looks) for one in outcome] == truth, moment


class Asked(MemoryPosts):
    """Somebody reads the post through a cache right after it was changed."""

    reader: MemoryPostRecords | None = None

    @override
    async def moderate(self, batch: Sequence[StoredModeration]) -> Sequence[str]:
        ids = await super().moderate(batch)
        if self.reader is not None:
            await self.reader.get_many(ids)
        return ids


async def test_a_reader_that_caches_a_change_first_does_not_hide_it() -> None:
    posts = Asked()
    world = World(posts=posts)
    posts.reader = world.cache
    await world.ingest(post())
    await world.cache.remove(["p"])
    await world.judge(judged())
    assert world.looks() == ["p"]


async def test_creators_are_cached_and_announced() -> None:
    world = World()
    user = UserUpdated(user_id="ann", handle="Ann", display_name="Ann A.")
    await world.ingest(user, topic=USER_UPDATED.name)
    (creator,) = await world.creator_cache.get_many(["ann"])
    assert creator is not None
    assert creator.handle == "Ann"
    assert list((await world.pools.news("0")).creators) == ["ann"]


async def counted(world: World, since: str = "0") -> tuple[int, tuple[str, ...], list[str]]:
    """What the cache counts for Ann, and the creators announced, after a round of counting."""
    await world.counts.work_off()
    (ann,) = await world.creator_cache.get_many(["ann"])
    assert ann is not None
    return ann.post_count, ann.top_categories, list((await world.pools.news(since)).creators)


async def test_a_creators_counts_follow_what_is_on_show() -> None:
    world = World()
    await world.ingest(post("p"), post("q", "art"))
    assert await counted(world) == (2, ("art", "pets"), ["ann"])
    await world.judge(judged(), judged(post_id="q"))
    assert await counted(world) == (2, ("art", "pets"), ["ann"])
    news = (await world.pools.news("0")).position
    await world.judge(judged(Decision.REJECT, source="human:mo"))
    assert await counted(world, news) == (1, ("art",), ["ann"])
    await world.judge(judged(Decision.APPROVE, source="human:mo"))
    assert (await counted(world))[:2] == (2, ("art", "pets"))
    await world.ingest(post("q", deleted=True))
    assert (await counted(world))[:2] == (1, ("pets",))


async def test_creators_are_counted_only_where_something_changed() -> None:
    world = World()
    await world.ingest(post("p"))
    await counted(world)
    news = (await world.pools.news("0")).position
    await world.judge(judged())  # it was on the page before
    await world.ingest(post("p"))
    assert (await counted(world, news))[2] == []


async def test_counting_that_failed_is_done_again() -> None:
    outage = Outage("postgresql")
    world = World()
    changes = CreatorChanges(outage.over(world.creators), world.creator_cache, world.pools)
    world.counts = CreatorCounts(changes)
    await world.ingest(post("p"))
    outage.away = True
    with pytest.raises(Unavailable):
        await world.counts.work_off()
    outage.away = False
    assert await counted(world) == (1, ("pets",), ["ann"])


async def test_what_a_deleted_author_wrote_is_withdrawn() -> None:
    world = World()
    await world.ingest(post("p"), post("q"))
    await world.judge(judged(), judged(post_id="q"))
    world.looks()
    gone = UserUpdated(user_id="ann", handle="Ann", display_name="Ann", deleted=True)
    await world.ingest(gone, topic=USER_UPDATED.name)
    assert world.lists_of("p") == world.lists_of("q") == set()
    assert sorted(world.looks()) == ["p", "q"]


async def test_follows_and_blocks_are_kept() -> None:
    world = World()

    def relation(kind: type[UserFollowed | UserBlocked], target: str) -> Event:
        return kind(user_id="u", target_id=target, active=True, timestamp=NOON * 1_000)

    await world.ingest(relation(UserFollowed, "ann"), topic=USER_FOLLOWED.name)
    await world.ingest(relation(UserBlocked, "bob"), topic=USER_BLOCKED.name)
    assert list(await world.follows.followed_by("u")) == ["ann"]
    assert list(await world.follows.blocked_by("u")) == ["bob"]
