"""Sessions of the feed that are over, were lost or may not be kept."""

from domain.cursors import SessionCursors
from tests.services.explore_pages import fill, ids, page
from tests.services.world import SECRETS, World


async def test_a_session_that_is_over_starts_anew_without_what_was_served(world: World) -> None:
    await fill(world)
    first = await page(world, "me")
    world.viewers.sessions.clear()
    world.restart()
    await world.start()
    again = await page(world, "me", after=first.items[-1].cursor)
    assert len(again.items) == 20
    assert again.items[0].position == 0
    assert not set(ids(first)) & set(ids(again))


async def test_who_comes_back_within_the_hour_goes_on_with_something_else(world: World) -> None:
    await fill(world)
    first = await page(world, "me")
    await world.settle()
    world.viewers.sessions.clear()
    world.restart()
    world.clock.advance(30 * 60.0)
    await world.start()
    again = await page(world, "me", after=first.items[-1].cursor)
    assert len(again.items) == 20
    assert not set(ids(first)) & set(ids(again))


async def test_a_stranger_whose_session_is_over_goes_on_at_the_same_place(world: World) -> None:
    await fill(world)
    first = await page(world)
    await world.settle()
    world.viewers.sessions.clear()
    world.restart()
    await world.start()
    again = await page(world, after=first.items[-1].cursor)
    assert [item.position for item in again.items] == list(range(20, 40))
    assert not set(ids(first)) & set(ids(again))


async def test_a_session_that_the_store_lost_is_still_here(world: World) -> None:
    await fill(world)
    first = await page(world)
    await world.settle()
    world.viewers.sessions.clear()
    second = await page(world, after=first.items[-1].cursor)
    world.redis.away = True
    third = await page(world, after=second.items[-1].cursor)
    shown = [*ids(first), *ids(second), *ids(third)]
    assert len(set(shown)) == 60


async def test_a_session_does_not_outlive_its_viewers_erasure(world: World) -> None:
    await fill(world)
    first = await page(world, "me")
    await world.services.erasure.request(await world.request("me"))
    (session,) = world.viewers.sessions
    world.viewers.sessions.clear()
    world.viewers.served.clear()
    await page(world, "me", after=first.items[-1].cursor)
    assert len(world.viewers.sessions) == 1
    assert session not in world.viewers.sessions


async def test_a_session_that_was_never_written_does_not_outlive_it_either(world: World) -> None:
    await fill(world)
    world.redis.away = True
    first = await page(world, "me")
    second = await page(world, "me", after=first.items[-1].cursor)
    assert not set(ids(first)) & set(ids(second))
    world.redis.away = False
    await world.services.erasure.request(await world.request("me"))
    world.clock.advance(20.0)
    await page(world, "me", after=second.items[-1].cursor)
    (session,) = world.viewers.sessions
    assert session != SessionCursors(SECRETS).session_of(second.items[-1].cursor)


async def test_a_viewers_session_that_the_store_lost_is_still_here(world: World) -> None:
    await fill(world)
    first = await page(world, "me")
    world.viewers.sessions.clear()
    second = await page(world, "me", after=first.items[-1].cursor)
    assert [item.position for item in second.items] == list(range(20, 40))
    assert not set(ids(first)) & set(ids(second))
