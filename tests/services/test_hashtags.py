"""Hashtags: those that rise, and one by its name."""

import pytest

from domain.errors import InvalidInput
from domain.ports.hashtags import HashtagUse
from domain.trending import Window
from services.pages import HashtagCard
from tests.services.world import World


async def test_hashtags_rise_by_their_surprise(world: World) -> None:
    for number in range(6):
        await world.post(f"p{number}", tags=["jazz", "calm"], age=60.0)
    now = world.clock.now()
    await world.hashtags.use(
        [HashtagUse("jazz", f"by-p{n}", f"p{n}", now - 60.0, "DE") for n in range(6)]
        + [HashtagUse("calm", f"by-p{n}", f"p{n}", now - 60.0, None) for n in range(3)]
    )
    await world.start()
    found = await world.services.hashtags.trending(
        await world.request(), first=10, after=None, window=Window.DAY, region=None
    )
    assert [(i.rank, i.card.name, i.people, i.card.post_count) for i in found.items] == [
        (1, "jazz", 6, 6),
        (2, "calm", 3, 6),
    ]
    assert found.items[0].lift == 4.0
    near = await world.services.hashtags.trending(
        await world.request(), first=10, after=None, window=Window.DAY, region="DE"
    )
    assert [item.card.name for item in near.items] == ["jazz"]
    nowhere = await world.services.hashtags.trending(
        await world.request(), first=10, after=None, window=Window.DAY, region="FR"
    )
    assert [item.card.name for item in nowhere.items] == ["jazz", "calm"]
    with pytest.raises(InvalidInput):
        await world.services.hashtags.trending(
            await world.request(), first=10, after=None, window=Window.DAY, region="fr"
        )


async def test_a_hashtag_nobody_uses_is_none(world: World) -> None:
    await world.post("a", tags=["jazz"])
    await world.start()
    hashtags = world.services.hashtags
    assert await hashtags.get(await world.request(), " #JAZZ ") == HashtagCard("jazz", 1)
    assert await hashtags.get(await world.request(), "nobody") is None
    assert await hashtags.get(await world.request(), "#") is None


async def test_the_first_who_ask_for_rising_hashtags_find_them_counted(world: World) -> None:
    now = world.clock.now()
    for number in range(6):
        await world.post(f"p{number}", tags=["jazz"], age=60.0)
    await world.hashtags.use(
        [HashtagUse("jazz", f"by-p{n}", f"p{n}", now - 60.0, None) for n in range(6)]
    )
    await world.start()
    await world.services.warm()
    world.postgresql.calls.clear()
    for window in Window:
        found = await world.services.hashtags.trending(
            await world.request(), first=10, after=None, window=window, region=None
        )
        assert [item.card.name for item in found.items] == ["jazz"]
    assert world.postgresql.calls["counts"] == 0
