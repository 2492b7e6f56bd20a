"""Likes and follows that are older than the memory at hand: known where things are named."""

from collections import Counter

import pytest

from domain.events import Action, EngagementType
from domain.identifiers import stable_key
from domain.interests import MAX_FOLLOWED, MAX_REMEMBERED, InterestProfile
from domain.ports.follows import StoredRelation
from domain.ports.reactions import Reaction
from services.inputs import Interaction, Target
from services.pages import CreatorCard, PostCard, PostViewerState
from tests.services.world import World, creator_gid, post_gid

LIKES, SAVES, FOLLOWS = MAX_REMEMBERED, MAX_REMEMBERED, MAX_FOLLOWED


@pytest.fixture(autouse=True)
async def posts(world: World) -> None:
    """`me` likes and saves `a` and follows its author Ann, all of it long ago."""
    for name, author in (("a", "ann"), ("b", "bob")):
        await world.creator(author, f"{author}.art")
        await world.post(name, author=author, rising=9.0)
    for number, kind in enumerate((EngagementType.LIKE, EngagementType.SAVE)):
        reaction = Reaction(0, number, world.clock.now(), "me", "a", kind, 1)
        await world.reactions.apply([reaction])
    await world.follows.follow(
        [StoredRelation(0, 3, world.clock.now(), user_id="me", target_id="ann", active=True)]
    )
    await world.start()


async def remember(world: World, *, likes: int = 0, saves: int = 0, follows: int = 0) -> None:
    now = world.clock.now()
    await world.learn(
        "me",
        InterestProfile(
            liked={stable_key(f"other{n}"): now for n in range(likes)},
            saved={stable_key(f"other{n}"): now for n in range(saves)},
            followed=[f"someone{n}" for n in range(follows)],
        ),
    )


async def named_post(world: World, post_id: str) -> PostCard:
    context = await world.request("me")
    (card,) = await world.services.nodes.get_many(context, [post_gid(post_id)])
    assert isinstance(card, PostCard)
    return card


async def state_of(world: World, post_id: str) -> PostViewerState:
    state = (await named_post(world, post_id)).viewer_state
    assert state is not None
    return state


async def track(world: World, target: Target, action: Action) -> bool:
    context = await world.request("me")
    (answer,) = await world.services.interactions.track(context, [Interaction(target, action)])
    await world.settle()
    return answer.recorded


async def test_a_named_post_shows_old_likes_and_saves_where_the_memory_is_full(
    world: World,
) -> None:
    await remember(world, likes=LIKES)
    state = await state_of(world, "a")
    assert (state.has_liked, state.has_saved) == (True, True)
    other = await state_of(world, "b")
    assert (other.has_liked, other.has_saved) == (False, False)


async def test_a_repeated_like_and_the_state_shown_agree(world: World) -> None:
    await remember(world, likes=LIKES)
    assert not await track(world, Target(post_global_id=post_gid("a")), Action.LIKE)
    assert (await state_of(world, "a")).has_liked


async def test_what_was_undone_since_is_not_brought_back(world: World) -> None:
    await remember(world, likes=LIKES, saves=SAVES, follows=FOLLOWS)
    assert await track(world, Target(post_global_id=post_gid("a")), Action.UNLIKE)
    state = await state_of(world, "a")
    assert (state.has_liked, state.has_saved) == (False, True)
    await track(world, Target(creator_global_id=creator_gid("ann")), Action.FOLLOW)
    await track(world, Target(creator_global_id=creator_gid("ann")), Action.UNFOLLOW)
    assert (await named_post(world, "a")).creator.is_followed is False


async def test_named_creators_show_old_follows_where_the_memory_is_full(world: World) -> None:
    await remember(world, follows=FOLLOWS)
    names = [creator_gid("ann"), creator_gid("bob")]
    world.postgresql.calls.clear()
    cards = await world.services.nodes.get_many(await world.request("me"), names)
    assert world.postgresql.calls == Counter({"followed_among": 1})
    assert [c.is_followed for c in cards if isinstance(c, CreatorCard)] == [True, False]
    by_handle = await world.services.creators.by_handle(await world.request("me"), "ann.art")
    assert by_handle is not None
    assert by_handle.is_followed is True
    assert (await named_post(world, "a")).creator.is_followed is True


async def test_a_memory_that_is_not_full_is_enough(world: World) -> None:
    await remember(world, likes=LIKES - 1, saves=SAVES - 1, follows=FOLLOWS - 1)
    world.postgresql.calls.clear()
    await named_post(world, "a")
    assert world.postgresql.calls == Counter()


async def test_several_posts_are_looked_up_at_once(world: World) -> None:
    await remember(world, likes=LIKES, follows=FOLLOWS)
    world.postgresql.calls.clear()
    context = await world.request("me")
    await world.services.nodes.get_many(context, [post_gid("a"), post_gid("b")])
    assert world.postgresql.calls == Counter({"of_viewer": 1, "followed_among": 1})


async def test_without_postgresql_the_memory_at_hand_is_shown(world: World) -> None:
    await remember(world, likes=LIKES, follows=FOLLOWS)
    world.postgresql.away = True
    assert not (await state_of(world, "a")).has_liked


async def test_lists_never_ask_postgresql_for_it(world: World) -> None:
    await remember(world, likes=LIKES, follows=FOLLOWS)
    world.postgresql.calls.clear()
    page = await world.services.explore.page(
        await world.request("me"), first=10, after=None, region=None
    )
    assert sorted(item.card.record.id for item in page.items) == ["a", "b"]
    assert world.postgresql.calls == Counter()
