"""A session of the feed: every post once, page after page, until it is over."""

import pytest

from domain import pools
from domain.errors import MalformedCursor
from domain.events import Decision
from tests.services.explore_pages import TOPICS, all_pages, fill, ids, page
from tests.services.world import World


@pytest.mark.parametrize("viewer", ["me", None])
async def test_a_session_shows_all_posts_once_while_scores_move(
    world: World, viewer: str | None
) -> None:
    await fill(world)
    eligible = {record.id for record in world.posts.records}
    found = await page(world, viewer)
    shown = ids(found)
    step = 0
    while found.has_next:
        step += 1
        world.clock.advance(7.0)
        for number in range(0, 100, 3):  # everything moves
            await world.rise(f"p{number:03}", float((number * 37 * step) % 400 + 3))
        await world.post(f"new{step}", author=f"n{step}", age=1.0, rising=900.0)
        await world.services.cache.poll()
        found = await page(world, viewer, after=found.items[-1].cursor)
        shown += ids(found)
        assert found.has_previous
    assert sorted(shown) == sorted(eligible)


async def test_the_same_cursor_gives_the_same_page(world: World) -> None:
    await fill(world)
    cursor = (await page(world, "me")).items[-1].cursor
    second = await page(world, "me", after=cursor)
    await page(world, "me", after=second.items[-1].cursor)
    world.clock.advance(20.0)
    await world.services.cache.poll()
    assert ids(await page(world, "me", after=cursor)) == ids(second)


async def test_another_page_size_goes_on_at_the_same_place(world: World) -> None:
    await fill(world)
    first = await page(world, "me", first=10)
    small = ids(await page(world, "me", first=5, after=first.items[-1].cursor))
    large = ids(await page(world, "me", first=30, after=first.items[-1].cursor))
    assert large[:5] == small
    assert len({*ids(first), *large}) == 40


async def test_a_process_without_the_session_reads_it(world: World) -> None:
    await fill(world)
    first = await page(world, "me")
    world.restart()
    await world.start()
    second = await page(world, "me", after=first.items[-1].cursor)
    assert len(second.items) == 20
    assert not set(ids(first)) & set(ids(second))


async def test_a_withdrawn_post_is_gone_from_an_open_session_and_the_page_stays_full(
    world: World,
) -> None:
    await fill(world)
    first = await page(world, "me")
    expected = ids(await page(world, "me", after=first.items[-1].cursor))
    await world.judge(expected[3], Decision.REJECT, "human:ann")
    await world.judge(ids(first)[0], Decision.REJECT, "human:ann")
    await world.services.cache.poll()
    again = ids(await page(world, "me", after=first.items[-1].cursor))
    assert expected[3] not in again
    assert len(again) == 20
    assert again[:3] == expected[:3]


async def test_cursors_are_bound_to_viewer_and_arguments(world: World) -> None:
    await fill(world)
    cursor = (await page(world, "me")).items[-1].cursor
    for viewer, after, region in (
        ("you", cursor, None),
        (None, cursor, None),
        ("me", cursor, "DE"),
        ("me", cursor[:-1] + ("A" if cursor[-1] != "A" else "B"), None),
        ("me", "", None),
        ("me", "nonsense", None),
    ):
        with pytest.raises(MalformedCursor):
            await page(world, viewer, after=after, region=region)


async def test_new_posts_are_counted_on_later_pages(world: World) -> None:
    await fill(world)
    first = await page(world, "me")
    await world.post("hot", author="x", age=60.0, rising=5_000.0)
    await world.services.cache.poll()
    second = await page(world, "me", after=first.items[-1].cursor)
    assert second.info is not None
    assert second.info.new_posts == 1
    assert "hot" not in ids(second)


async def test_more_than_a_session_holds_is_shown_in_the_end(world: World) -> None:
    for topic in TOPICS:
        await world.category(topic)
    for number in range(360):
        await world.post(
            f"p{number:03}",
            author=f"a{number}",
            category=TOPICS[number % 6],
            rising=float(number + 3),
        )
    await world.start()
    shown = [post_id for found in await all_pages(world, "me", 50) for post_id in found]
    assert len(shown) == len(set(shown))
    drawn = await drawable(world)
    assert set(shown) == drawn


async def drawable(world: World) -> set[str]:
    """What the feed of a viewer without taste draws from."""
    found: set[str] = set()
    (day, hour, week, fresh) = await world.pools.read(
        [
            pools.trending_worldwide(window)  # pyright: ignore[reportArgumentType] - a text is one
            for window in ("DAY", "HOUR", "WEEK")
        ]
        + [pools.fresh()],
        500,
    )
    for members, start, stop in (
        (day, 0, 250),
        (hour, 0, 60),
        (week, 100, 250),
        (fresh, 0, 120),
    ):
        found.update(members.ids[start:stop])
    return found
