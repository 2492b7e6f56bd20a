"""A change of a post is followed to its end, whatever comes in between."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

import pytest
from typing_extensions import override

from consumers.creator_changes import CreatorChanges
from consumers.handlers.moderation import Moderation
from consumers.handlers.posts import Posts
from consumers.post_changes import PostChanges
from domain.errors import Unavailable
from domain.events import Decision, Event, ModerationResult, PostIngested, UserUpdated
from domain.ports.posts import StoredModeration
from domain.posts import PostRecord
from domain.topics import MODERATION_RESULT, POST_INGESTED, USER_UPDATED
from tests.consumers.log import NOON, batch_of
from tests.consumers.mortality import Died, Fate, mortal
from tests.consumers.posts_world import World, counted, judged, post, scored
from tests.fakes.clock import FixedClock
from tests.fakes.posts import MemoryPosts
from tests.fakes.records import MemoryPostRecords

P = TypeVar("P")


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
