"""Fifty sessions of five pages, interleaved, while everything moves: no repeats, full pages."""

from tests.services.explore_pages import fill, ids, page
from tests.services.world import World

SESSIONS = 50
PAGES = 5
EVENTS = 40  # between two pages of all sessions


async def test_sessions_hold_while_posts_rise_fall_and_come(world: World) -> None:
    await fill(world, 240, authors=150)
    viewers = [f"viewer{number}" if number % 2 else None for number in range(SESSIONS)]
    shown: list[list[str]] = [[] for _ in viewers]
    cursors: list[str | None] = [None for _ in viewers]
    for turn in range(PAGES):
        for place, viewer in enumerate(viewers):
            found = await page(world, viewer, after=cursors[place])
            assert len(found.items) == 20
            assert [item.position for item in found.items] == list(
                range(turn * 20, turn * 20 + 20)
            )
            shown[place] += ids(found)
            cursors[place] = found.items[-1].cursor
        world.clock.advance(10.0)
        for event in range(EVENTS):
            number = (event * 37 + turn * 11) % 240
            await world.rise(f"p{number:03}", float((event * 53 + turn * 17) % 500 + 3))
        await world.post(f"new{turn}", author=f"n{turn}", age=1.0, rising=900.0)
        await world.services.cache.poll()
    assert all(len(set(posts)) == PAGES * 20 for posts in shown)
