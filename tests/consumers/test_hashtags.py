"""``hashtags``: who used which one, and which rise."""

from consumers.handlers.hashtags import HashtagUses
from consumers.hashtag_lists import HashtagLists
from domain.events import (
    CategoryGuess,
    EngagementType,
    EngagementUpdated,
    HashtagTrending,
    PostIngested,
)
from domain.ports.posts import StoredIngestion
from domain.ports.reactions import Reaction
from domain.topics import ENGAGEMENT_UPDATED, POST_INGESTED
from domain.trending import Window
from tests.consumers.log import NOON, batch_of
from tests.contracts.events import moderation
from tests.fakes.clock import FixedClock
from tests.fakes.hashtags import MemoryHashtags
from tests.fakes.pools import MemoryPools
from tests.fakes.posts import MemoryPosts
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.reactions import MemoryReactions
from tests.fakes.records import MemoryPostRecords

WORLDWIDE = "hashtags:HOUR:global"


class World:
    def __init__(self) -> None:
        self.posts = MemoryPosts()
        self.reactions = MemoryReactions()
        self.hashtags = MemoryHashtags(self.posts, self.reactions)
        self.sequence = 0
        self.pools = MemoryPools()
        self.publisher = MemoryPublisher()
        self.clock = FixedClock(NOON)
        self.restart()
        records = MemoryPostRecords(self.posts)
        self.handler = HashtagUses(self.hashtags, records)

    def restart(self) -> None:
        self.lists = HashtagLists(
            self.hashtags, self.pools, self.pools, self.publisher, self.clock
        )

    async def write(self, author: str, post_id: str, *, region: str | None = "DE") -> None:
        event = PostIngested(
            post_id=post_id,
            author_id=author,
            content="text",
            created_at=(NOON - 60) * 1_000,
            tags=["#Cats", "cats", "dogs" * 50],
            region=region,
            categories=[CategoryGuess(slug="pets", confidence=1.0)],
        )
        batch = batch_of(POST_INGESTED.name, event)
        await self.posts.ingest([StoredIngestion(0, 0, NOON, event)])
        await self.posts.moderate([moderation(post_id, spam_score=0.1)])
        await self.handler.apply(batch)

    async def react(self, person: str, post_id: str, kind: EngagementType, delta: int = 1) -> None:
        event = EngagementUpdated(
            post_id=post_id,
            type=kind,
            delta=delta,
            timestamp=(NOON - 30) * 1_000,
            user_id=person,
        )
        await self.handler.apply(batch_of(ENGAGEMENT_UPDATED.name, event))
        if abs(delta) == 1:  # the counters' consumer refuses others
            self.sequence += 1
            await self.reactions.apply(
                [Reaction(0, self.sequence, NOON - 30, person, post_id, kind, delta)]
            )

    async def look_again(self, post_id: str) -> None:
        """As is told when the post's record is there."""
        event = EngagementUpdated(
            post_id=post_id, type=EngagementType.VIEW, delta=0, timestamp=NOON * 1_000
        )
        await self.handler.apply(batch_of(ENGAGEMENT_UPDATED.name, event))

    def listed(self, name: str = WORLDWIDE) -> list[str]:
        return list(self.pools.members.get(name, {}))

    def announced(self) -> list[tuple[str, int, int]]:
        events, self.publisher.events = self.publisher.events, []
        return [
            (one.hashtag, one.people, one.post_count)
            for one in events
            if isinstance(one, HashtagTrending)
        ]


async def test_three_people_make_a_hashtag_rise_and_it_is_announced_once() -> None:
    world = World()
    await world.write("ann", "p")
    await world.react("bob", "p", EngagementType.LIKE)
    await world.lists.count(Window.HOUR, None)
    assert (world.listed(), world.announced()) == ([], [])
    await world.react("carl", "p", EngagementType.COMMENT)
    await world.lists.count(Window.HOUR, None)
    assert (world.listed(), world.announced()) == (["cats"], [("cats", 3, 1)])
    version = (await world.pools.news("")).versions[WORLDWIDE]
    await world.lists.count(Window.HOUR, None)
    assert world.announced() == []
    assert (await world.pools.news("")).versions[WORLDWIDE] == version


async def test_views_undoings_and_repeats_make_no_use() -> None:
    world = World()
    await world.write("ann", "p")
    await world.react("bob", "p", EngagementType.VIEW)
    await world.react("carl", "p", EngagementType.LIKE, -1)
    for _ in range(3):
        await world.react("dora", "p", EngagementType.LIKE)
    await world.lists.count(Window.HOUR, None)
    assert world.listed() == []


async def test_what_is_taken_back_is_out_of_the_count_at_once() -> None:
    world = World()
    await world.write("ann", "p")
    await world.react("bob", "p", EngagementType.LIKE)
    await world.react("carl", "p", EngagementType.SAVE)
    await world.lists.count(Window.HOUR, None)
    assert world.listed() == ["cats"]
    await world.react("carl", "p", EngagementType.SAVE, -1)
    await world.lists.count(Window.HOUR, None)
    assert world.listed() == []


async def test_what_the_counters_refuse_makes_no_use() -> None:
    world = World()
    await world.write("ann", "p")
    for person in ("bob", "carl"):
        await world.react(person, "p", EngagementType.COMMENT, 5)
    await world.lists.count(Window.HOUR, None)
    assert world.listed() == []


async def test_reactions_that_come_before_their_post_count_once_it_is_there() -> None:
    world = World()
    for person in ("bob", "carl"):
        await world.react(person, "p", EngagementType.LIKE)
    await world.write("ann", "p")
    await world.look_again("p")
    await world.lists.count(Window.HOUR, None)
    assert (world.listed(), world.announced()) == (["cats"], [("cats", 3, 1)])


async def test_a_withdrawn_post_is_out_of_the_count_at_once() -> None:
    world = World()
    for author in ("ann", "bob", "carl"):
        await world.write(author, f"of-{author}")
    await world.lists.count(Window.HOUR, None)
    assert world.listed() == ["cats"]
    await world.posts.moderate([moderation("of-ann", 5.0, spam_score=0.99)])
    await world.lists.count(Window.HOUR, None)
    assert world.listed() == []


async def test_regions_that_were_used_in_get_lists_of_their_own_in_turn() -> None:
    world = World()
    for author in ("ann", "bob", "carl"):
        await world.write(author, f"of-{author}")
    for _ in range(5):
        await world.lists.count_next()
    for window in Window:
        assert world.listed(f"hashtags:{window}:DE") == ["cats"]
        assert world.listed(f"hashtags:{window}:global") == ["cats"]


async def test_whoever_counts_next_knows_the_regions_and_empties_lists_that_are_out_of_date() -> (
    None
):
    world = World()
    for author in ("ann", "bob", "carl"):
        await world.write(author, f"of-{author}")
    for _ in range(5):
        await world.lists.count_next()
    assert world.listed("hashtags:WEEK:DE") == ["cats"]
    world.restart()
    world.clock.advance(8 * 86_400.0)  # nobody used one in this region since
    for _ in range(5):
        await world.lists.count_next()
    for window in Window:
        assert world.listed(f"hashtags:{window}:DE") == []
