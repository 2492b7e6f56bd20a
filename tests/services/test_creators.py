"""Creators: those recommended, one by the handle, and what one wrote."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from domain.cursors import KeysetCursors
from domain.errors import InvalidInput, MalformedCursor
from domain.events import Decision, UserUpdated
from domain.feed import ReasonCode
from domain.interests import InterestProfile
from domain.pools import creators as creators_pool
from domain.pools import followed_with
from domain.ports.creators import StoredUser
from domain.viewer import Hidden, TargetKind
from services.inputs import InterestChange, Target
from services.pages import CreatorItem, Page
from tests.services.world import World, creator_gid


async def test_creators_rise_and_followed_ones_are_left_out(world: World) -> None:
    await world.category("music")
    for name in ("ann", "bob", "cy", "me"):
        await world.post(f"of-{name}", author=name, rising=9.0)
    await world.pools.replace(creators_pool(), {"ann": 3.0, "bob": 2.0, "cy": 1.0, "me": 9.0})
    await world.pools.replace(creators_pool("music"), {"cy": 1.0})
    await world.start()
    await world.learn("me", InterestProfile(followed=["bob"]))
    service = world.services.creators
    found = await service.recommended(
        await world.request("me"), first=10, after=None, category=None
    )
    assert [item.card.record.id for item in found.items] == ["ann", "cy"]
    assert [item.reason.code for item in found.items] == [ReasonCode.TRENDING_NOW] * 2
    assert all(item.card.is_followed is False for item in found.items)
    found = await service.recommended(
        await world.request("me"), first=10, after=None, category="music"
    )
    assert [item.card.record.id for item in found.items] == ["cy"]
    assert found.items[0].reason.message == "Popular in Music"
    with pytest.raises(InvalidInput):
        await service.recommended(await world.request("me"), first=1, after=None, category="no")


async def test_creators_whom_those_follow_who_follow_the_same_come_before_who_only_rises(
    world: World,
) -> None:
    for name in ("ann", "bob", "cy", "dee"):
        await world.post(f"of-{name}", author=name, rising=9.0)
    await world.creator("bob", "bob", name="Bob B.")
    await world.pools.replace(creators_pool(), {"ann": 3.0, "cy": 1.0})
    await world.pools.replace(followed_with("bob"), {"dee": 0.5, "cy": 0.2})
    await world.start()
    await world.learn("me", InterestProfile(followed=["bob"]))
    found = await world.services.creators.recommended(
        await world.request("me"), first=10, after=None, category=None
    )
    assert [(item.card.record.id, item.reason.message) for item in found.items] == [
        ("dee", "Followed by people who follow Bob B."),
        ("cy", "Followed by people who follow Bob B."),
        ("ann", "Rising now"),
    ]
    named = found.items[0].reason.creator
    assert named is not None
    assert named.record.id == "bob"


async def test_creators_are_gone_through_by_cursors(world: World) -> None:
    names = [f"c{number}" for number in range(6)]
    for name in names:
        await world.post(f"of-{name}", author=name)
    await world.pools.replace(
        creators_pool(), {name: 10.0 - place for place, name in enumerate(names)}
    )
    await world.start()
    service = world.services.creators
    first = await service.recommended(await world.request(), first=4, after=None, category=None)
    await world.settle()
    await world.pools.replace(creators_pool(), dict.fromkeys(reversed(names), 1.0))
    await world.services.cache.poll()
    after = first.items[-1].cursor
    second = await service.recommended(
        await world.request(after=after), first=4, after=after, category=None
    )
    shown = [item.card.record.id for item in (*first.items, *second.items)]
    assert shown == names
    assert (first.has_next, second.has_next, second.has_previous) == (True, False, True)


async def rising_creators(world: World) -> Page[CreatorItem]:
    """The first two of six; the next page lies behind them."""
    names = [f"c{number}" for number in range(6)]
    for name in names:
        await world.creator(name, f"{name}.h")
    await world.pools.replace(
        creators_pool(), {name: 10.0 - place for place, name in enumerate(names)}
    )
    await world.start()
    found = await world.services.creators.recommended(
        await world.request("me"), first=2, after=None, category=None
    )
    await world.settle()
    return found


async def next_creators(world: World, page: Page[CreatorItem]) -> Sequence[str]:
    after = page.items[-1].cursor
    found = await world.services.creators.recommended(
        await world.request("me", after=after), first=4, after=after, category=None
    )
    return [item.card.record.handle for item in found.items]


async def test_creators_have_their_names_in_a_process_that_knows_none_of_them(
    world: World,
) -> None:
    page = await rising_creators(world)
    gone = UserUpdated(user_id="c3", handle="c3.h", display_name="", deleted=True)
    await world.creators.update([StoredUser(0, 99, world.clock.now() + 99.0, gone)])
    world.restart()
    await world.start()
    assert await next_creators(world, page) == ["c2.h", "c4.h", "c5.h"]


async def test_creators_whom_the_caller_no_longer_wants_leave_an_open_list(world: World) -> None:
    page = await rising_creators(world)
    await world.services.viewer.update_interest(
        await world.request("me"),
        Target(creator_global_id=creator_gid("c2")),
        InterestChange.MUTE,
    )
    state = world.viewers.kept_states["me"]
    hidden = (Hidden(TargetKind.CREATOR, "c4", world.clock.now()),)
    world.viewers.kept_states["me"] = replace(state, hidden=hidden)
    assert await next_creators(world, page) == ["c3.h", "c5.h"]


async def test_a_creator_is_found_by_handle_in_any_case(world: World) -> None:
    await world.creator("ann", "Ann.A")
    await world.post("a", author="ann")
    await world.start()
    service = world.services.creators
    card = await service.by_handle(await world.request(), "ann.a")
    assert card is not None
    assert card.record.id == "ann"
    assert card.is_followed is None
    world.postgresql.away = True
    assert await service.by_handle(await world.request(), "ANN.A") is not None
    world.postgresql.away = False
    assert await service.by_handle(await world.request(), "ann") is None


async def test_a_creators_posts_are_all_that_the_caller_may_see(world: World) -> None:
    for number in range(7):
        await world.post(f"p{number}", author="ann", age=1_000.0 - number)
    await world.post("fresh", author="ann", age=1.0, judged=False)
    await world.judge("p5", Decision.REJECT, "human:mod")
    await world.judge("p4", Decision.SHADOW_BAN, "human:mod")
    await world.start()
    service = world.services.creators

    async def shown(viewer: str | None) -> list[str]:
        ids: list[str] = []
        after: str | None = None
        while True:
            found = await service.posts(await world.request(viewer), "ann", first=3, after=after)
            ids += [item.card.record.id for item in found.items]
            if not found.has_next:
                return ids
            after = found.items[-1].cursor

    assert await shown(None) == ["fresh", "p6", "p3", "p2", "p1", "p0"]
    assert await shown("ann") == ["fresh", "p6", "p4", "p3", "p2", "p1", "p0"]
    forged = KeysetCursors(["another secret"]).encode((1.0, "p6"), b"12345678")
    with pytest.raises(MalformedCursor):
        await service.posts(await world.request(), "ann", first=3, after=forged)


async def test_a_creators_page_reaches_behind_any_number_of_hidden_posts(world: World) -> None:
    await world.post("old", author="ann", age=9_000.0)
    for number in range(9):
        await world.post(f"p{number}", author="ann", age=100.0 + number)
        await world.judge(f"p{number}", Decision.REJECT, "human:mod")
    await world.start()
    service = world.services.creators
    found = await service.posts(await world.request(), "ann", first=1, after=None)
    assert [item.card.record.id for item in found.items] == ["old"]
    assert not found.has_next
    moderator = await world.request("mod", roles=["moderator"])
    found = await service.posts(moderator, "ann", first=10, after=None)
    assert len(found.items) == 10
