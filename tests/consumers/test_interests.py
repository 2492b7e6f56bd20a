"""``interests``: what one event does."""

from dataclasses import dataclass, field

from consumers.blocks import Blocks
from consumers.handlers.interests import Interests, ViewerStores
from consumers.profiles import ViewerProfiles
from domain import seen
from domain.events import (
    Action,
    Attribution,
    EngagementType,
    EngagementUpdated,
    Event,
    UserBlocked,
    UserFollowed,
    UserInteraction,
)
from domain.identifiers import stable_key
from domain.interests import InterestProfile
from domain.topics import USER_BLOCKED, USER_FOLLOWED, USER_INTERACTION
from domain.viewer import ViewerState
from tests.consumers.log import NOON, Log, batch_of
from tests.contracts.events import ingestion, moderation
from tests.fakes.clock import FixedClock
from tests.fakes.follows import MemoryFollows
from tests.fakes.interactions import MemoryInteractions
from tests.fakes.posts import MemoryPosts
from tests.fakes.profiles import MemoryProfiles
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.records import MemoryPostRecords
from tests.fakes.viewer_states import MemoryViewerStates
from tests.fakes.viewers import MemoryLearnedProfiles, MemorySeen, MemoryViewers

SERVED = Attribution(
    request_id="r", position=1, surface="explore", served_at=NOON * 1_000, propensity=0.25
)


@dataclass
class World:
    posts: MemoryPosts = field(default_factory=MemoryPosts)
    profiles: MemoryLearnedProfiles = field(default_factory=MemoryLearnedProfiles)
    seen: MemorySeen = field(default_factory=MemorySeen)
    viewers: MemoryViewers = field(default_factory=lambda: MemoryViewers(FixedClock(NOON)))
    durable_states: MemoryViewerStates = field(default_factory=MemoryViewerStates)
    follows: MemoryFollows = field(default_factory=MemoryFollows)
    interactions: MemoryInteractions = field(default_factory=MemoryInteractions)
    publisher: MemoryPublisher = field(default_factory=MemoryPublisher)

    async def handler(self) -> Interests:
        await self.posts.ingest([ingestion("p", tags=["cats"], categories={"pets": 0.9})])
        await self.posts.moderate([moderation("p", spam_score=0.1)])
        profiles = ViewerProfiles(self.profiles, MemoryProfiles())
        stores = ViewerStores(profiles, self.viewers, self.seen, self.interactions)
        blocks = Blocks(self.follows, self.viewers, self.durable_states)
        records = MemoryPostRecords(self.posts)
        handler = Interests(stores, records, self.publisher, self.follows, blocks)
        await handler.open([0])
        return handler

    async def profile(self) -> InterestProfile:
        return (await self.profiles.load(["u"]))["u"]


def did(action: Action, event_id: str = "e", **named: object) -> UserInteraction:
    fields = {"post_id": "p", "timestamp": NOON * 1_000} | named
    return UserInteraction(event_id=event_id, user_id="u", action=action, **fields)  # pyright: ignore[reportArgumentType] - fields by name


async def after(world: World, topic: str, *events: Event) -> World:
    handler = await world.handler()
    await handler.apply(batch_of(topic, *events))
    return world


async def test_a_like_teaches_the_posts_topics_and_marks_it_seen() -> None:
    world = await after(World(), USER_INTERACTION.name, did(Action.LIKE))
    profile = await world.profile()
    assert (profile.interactions, list(profile.topics)) == (1, ["pets"])
    assert list(profile.creators) == ["ann"]
    assert world.seen.packed["u"] == seen.add(b"", ["p"], NOON)
    (row,) = world.interactions.rows
    assert (row.action, row.post_id, row.counted) == (Action.LIKE, "p", False)
    assert world.publisher.events == []


async def test_what_was_served_by_us_counts_for_the_post_too() -> None:
    event = did(Action.UNSAVE, attribution=SERVED, region="DE")
    world = await after(World(), USER_INTERACTION.name, event)
    assert world.publisher.events == [
        EngagementUpdated(
            post_id="p",
            type=EngagementType.SAVE,
            delta=-1,
            timestamp=NOON * 1_000,
            user_id="u",
            event_id=">i:0:0",
            region="DE",
        )
    ]
    assert [(row.counted, row.propensity) for row in world.interactions.rows] == [(True, 0.25)]


async def test_what_is_taken_back_needs_no_proof_that_it_was_served() -> None:
    world = await after(World(), USER_INTERACTION.name, did(Action.UNLIKE))
    (event,) = world.publisher.events
    assert isinstance(event, EngagementUpdated)
    assert (event.type, event.delta, event.user_id) == (EngagementType.LIKE, -1, "u")


async def test_what_was_told_again_goes_no_further() -> None:
    event = did(Action.LIKE, ">e:3:17", attribution=SERVED)
    world = await after(World(), USER_INTERACTION.name, event)
    assert world.publisher.events == []
    assert (await world.profile()).interactions == 1


async def test_a_producers_repeat_counts_once() -> None:
    world = await after(World(), USER_INTERACTION.name, did(Action.COMMENT), did(Action.COMMENT))
    assert (await world.profile()).interactions == 1
    assert len(world.interactions.rows) == 1


async def test_what_was_done_before_a_reset_teaches_nothing() -> None:
    world = World()
    world.viewers.kept_states["u"] = ViewerState(version=1, reset_at=NOON + 1)
    await after(world, USER_INTERACTION.name, did(Action.LIKE))
    assert (await world.profile()).topics == {}


async def test_what_was_done_before_a_reset_and_comes_after_it_is_set_and_undone() -> None:
    world = World()
    followed = did(Action.FOLLOW, "f", post_id=None, creator_id="ann")
    told = (did(Action.SAVE, "s"), did(Action.LIKE, "l"), did(Action.UNSAVE, "x"), followed)
    log = Log(USER_INTERACTION.name, told)
    handler = await world.handler()
    await handler.apply(log.batch(0, 1))
    world.viewers.kept_states["u"] = ViewerState(version=1, reset_at=NOON + 1)
    await handler.apply(log.batch(1))
    profile = await world.profile()
    assert list(profile.liked) == [stable_key("p")]
    assert (profile.saved, profile.followed) == ({}, ["ann"])
    assert (profile.topics, profile.creators, profile.interactions) == ({}, {}, 0)


async def test_a_like_of_the_epochs_first_instant_is_a_like() -> None:
    world = await after(World(), USER_INTERACTION.name, did(Action.LIKE, timestamp=0))
    assert list((await world.profile()).liked) == [stable_key("p")]


async def test_of_what_was_done_before_an_erasure_nothing_is_kept() -> None:
    world = World()
    world.viewers.kept_states["u"] = ViewerState(version=1, erased_at=NOON + 1)
    await after(world, USER_INTERACTION.name, did(Action.LIKE))
    assert (await world.profile()).liked == {}


async def test_upstreams_follows_are_told_again_to_the_owner_of_profiles() -> None:
    followed = UserFollowed(user_id="u", target_id="ann", active=True, timestamp=NOON * 1_000)
    left = UserFollowed(user_id="u", target_id="bob", active=False, timestamp=NOON * 1_000)
    world = await after(World(), USER_FOLLOWED.name, followed, left)
    told = [one for one in world.publisher.events if isinstance(one, UserInteraction)]
    assert [(one.event_id, one.action, one.creator_id) for one in told] == [
        (">f:0:0", Action.FOLLOW, "ann"),
        (">f:0:1", Action.UNFOLLOW, "bob"),
    ]
    assert world.profiles.packed == {}


async def test_upstreams_blocks_stand_beside_what_the_viewer_said() -> None:
    def block(target: str, *, active: bool) -> UserBlocked:
        return UserBlocked(user_id="u", target_id=target, active=active, timestamp=NOON * 1_000)

    world = World()
    world.viewers.kept_states["u"] = ViewerState(version=7, blocked=("eve",), reset_at=5.0)
    events = (block("ann", active=True), block("eve", active=False), block("bob", active=True))
    await after(world, USER_BLOCKED.name, *events)
    expected = ViewerState(version=8, blocked=("ann", "bob"), reset_at=5.0)
    assert world.viewers.kept_states["u"] == expected
    assert await world.durable_states.read("u") == expected
    await after(world, USER_BLOCKED.name, *events)
    assert world.viewers.kept_states["u"].blocked == ("ann", "bob")


def ended(kind: type[UserFollowed | UserBlocked], at: float, *, active: bool) -> Event:
    return kind(user_id="u", target_id="ann", active=active, timestamp=(NOON - 60 + at) * 1_000)


async def test_a_block_is_not_taken_back_by_what_was_said_before_it() -> None:
    world = await after(World(), USER_BLOCKED.name, ended(UserBlocked, 10, active=True))
    await after(world, USER_BLOCKED.name, ended(UserBlocked, 5, active=False))
    assert world.viewers.kept_states["u"].blocked == ("ann",)
    await after(world, USER_BLOCKED.name, ended(UserBlocked, 15, active=False))
    assert world.viewers.kept_states["u"].blocked == ()


async def test_a_follow_is_not_taken_back_by_what_was_said_before_it() -> None:
    world = await after(World(), USER_FOLLOWED.name, ended(UserFollowed, 10, active=True))
    await after(world, USER_FOLLOWED.name, ended(UserFollowed, 5, active=False))
    told = [one.action for one in world.publisher.events if isinstance(one, UserInteraction)]
    assert told == [Action.FOLLOW]


async def test_a_block_that_a_crash_kept_from_the_durable_copy_comes_there_again() -> None:
    world = await after(World(), USER_BLOCKED.name, ended(UserBlocked, 10, active=True))
    world.durable_states = MemoryViewerStates()
    await after(world, USER_BLOCKED.name, ended(UserBlocked, 10, active=True))
    assert await world.durable_states.read("u") == world.viewers.kept_states["u"]
