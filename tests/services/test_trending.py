"""Trending lists: order, ranks and their change, scopes, sessions."""

from collections.abc import Sequence

import pytest

from domain.errors import InvalidInput
from domain.trending import Window
from services.inputs import TrendingScope
from services.pages import Page, TrendingItem
from tests.services.world import World


async def listed(
    world: World,
    *,
    viewer: str | None = None,
    first: int = 20,
    after: str | None = None,
    window: Window = Window.DAY,
    scope: TrendingScope | None = None,
) -> Page[TrendingItem]:
    context = await world.request(viewer, after=after)
    found = await world.services.trending.page(
        context, first=first, after=after, window=window, scope=scope or TrendingScope()
    )
    await world.settle()
    return found


def ids(found: Page[TrendingItem]) -> list[str]:
    return [item.card.record.id for item in found.items]


async def fill(world: World, names: Sequence[str], **fields: str) -> None:
    """The first one rises most."""
    for place, name in enumerate(names):
        await world.post(name, age=7_200.0, rising=float(100 - place), **fields)  # pyright: ignore[reportArgumentType] - the test's own


async def test_the_order_is_that_of_the_rate_and_ranks_count_from_one(world: World) -> None:
    await fill(world, ["a", "b", "c", "d"])
    await world.start()
    found = await listed(world)
    assert ids(found) == ["a", "b", "c", "d"]
    assert [item.rank for item in found.items] == [1, 2, 3, 4]
    scores = [item.score for item in found.items]
    assert scores == sorted(scores, reverse=True)
    assert not found.has_next


async def test_a_young_post_is_compared_by_its_rate(world: World) -> None:
    await world.post("old", age=3 * 86_400.0, rising=100.0)
    await world.post("young", age=600.0, rising=60.0)
    await world.start()
    assert ids(await listed(world)) == ["young", "old"]


async def test_lists_age_without_any_events(world: World) -> None:
    await world.post("old", age=3 * 86_400.0, rising=100.0)
    await world.post("young", age=600.0, rising=40.0)
    await world.start()
    assert ids(await listed(world)) == ["young", "old"]
    world.clock.advance(86_400.0)
    await world.services.cache.poll()
    assert ids(await listed(world)) == ["old", "young"]


async def test_a_session_keeps_its_order_and_its_scores_fade(world: World) -> None:
    await fill(world, [f"p{number:02}" for number in range(30)])
    await world.start()
    first = await listed(world, first=10)
    await world.rise("p29", 5_000.0)
    world.clock.advance(21_600.0)  # the half-life of a day's list
    await world.services.cache.poll()
    second = await listed(world, first=10, after=first.items[-1].cursor)
    assert ids(second) == [f"p{number:02}" for number in range(10, 20)]
    assert [item.rank for item in second.items] == list(range(11, 21))
    assert second.items[0].score < first.items[-1].score / 1.9
    assert ids(await listed(world, first=1)) == ["p29"]


async def test_rank_change_refers_to_one_minute_ago(world: World) -> None:
    await fill(world, ["a", "b", "c"])
    await world.start()
    assert [item.rank_change for item in (await listed(world)).items] == [None, None, None]
    world.clock.advance(61.0)
    await world.rise("c", 500.0)
    await world.post("new", age=7_200.0, rising=300.0)
    await world.services.cache.poll()
    found = await listed(world)
    assert [(item.card.record.id, item.rank_change) for item in found.items] == [
        ("c", 2),
        ("new", None),
        ("a", -2),
        ("b", -2),
    ]


async def test_worldwide_ranks_are_noted_also_while_nobody_looks(world: World) -> None:
    await fill(world, ["a", "b", "c"])
    await world.start()
    await world.services.ranks.note()
    world.clock.advance(61.0)
    await world.rise("c", 500.0)
    await world.services.cache.poll()
    assert [item.rank_change for item in (await listed(world)).items] == [2, -1, -1]


async def test_a_region_is_sixty_to_forty_by_slots_without_repeats(world: World) -> None:
    for number in range(20):
        await world.post(f"w{number:02}", age=7_200.0, rising=200.0 - number)
        await world.post(f"r{number:02}", age=7_200.0, rising={"DE": 100.0 - number})
    await world.start()
    found = ids(await listed(world, scope=TrendingScope(region="DE")))
    assert sum(name.startswith("r") for name in found) == 12
    assert sum(name.startswith("w") for name in found) == 8
    assert [name for name in found if name[0] == "r"] == [f"r{n:02}" for n in range(12)]
    assert [name for name in found if name[0] == "w"] == [f"w{n:02}" for n in range(8)]


async def test_a_region_without_posts_gets_the_worldwide_list(world: World) -> None:
    await fill(world, ["a", "b", "c", "d", "e", "f"])
    await world.start()
    assert ids(await listed(world, scope=TrendingScope(region="ZZ"))) == list("abcdef")


async def test_a_region_with_a_few_posts_keeps_both_orders(world: World) -> None:
    await fill(world, [f"w{number:02}" for number in range(20)])
    await world.post("r", age=7_200.0, rising={"DE": 5.0})
    await world.start()
    found = ids(await listed(world, first=10, scope=TrendingScope(region="DE")))
    assert found[0] == "r"
    assert found[1:] == [f"w{number:02}" for number in range(9)]


async def test_categories_and_hashtags_have_lists_of_their_own(world: World) -> None:
    await world.category("film")
    await fill(world, ["a", "b"], category="film")
    await fill(world, ["c"], category="music")
    await world.post("d", tags=["jazz"], category="music", rising=9.0)
    await world.start()
    assert ids(await listed(world, scope=TrendingScope(category="film"))) == ["a", "b"]
    assert ids(await listed(world, scope=TrendingScope(hashtag="#Jazz"))) == ["d"]
    assert ids(await listed(world, scope=TrendingScope(hashtag="nobody"))) == []


@pytest.mark.parametrize(
    ("scope", "field"),
    [
        (TrendingScope(region="de"), "region"),
        (TrendingScope(region="DEU"), "region"),
        (TrendingScope(category="nope"), "category"),
        (TrendingScope(hashtag="#"), "hashtag"),
    ],
)
async def test_a_scope_that_is_none_is_refused(
    world: World, scope: TrendingScope, field: str
) -> None:
    await world.start()
    with pytest.raises(InvalidInput) as refused:
        await listed(world, scope=scope)
    assert refused.value.field == field


@pytest.mark.parametrize("first", [0, 101])
async def test_a_page_size_out_of_range_is_refused(world: World, first: int) -> None:
    await world.start()
    with pytest.raises(InvalidInput):
        await listed(world, first=first)


async def test_an_event_shows_after_the_next_look_at_the_news(world: World) -> None:
    await fill(world, ["a", "b"])
    await world.start()
    await world.rise("b", 300.0)
    await world.services.cache.poll()
    assert ids(await listed(world)) == ["b", "a"]


async def test_the_head_is_the_list_as_it_is_now(world: World) -> None:
    await fill(world, ["a", "b"])
    await world.start()
    context = await world.request()
    trending = world.services.trending
    window, scope = Window.DAY, TrendingScope()
    before = await trending.head(context, first=5, window=window, scope=scope)
    await world.rise("b", 300.0)
    await world.services.cache.poll()
    after = await trending.head(context, first=5, window=window, scope=scope)
    assert [item.card.record.id for item in before.items] == ["a", "b"]
    assert [item.card.record.id for item in after.items] == ["b", "a"]


async def test_blocked_and_sensitive_posts_are_left_out_for_those_it_concerns(
    world: World,
) -> None:
    await fill(world, ["a", "b"])
    await world.post("bare", rising=500.0, nsfw=0.9)
    await world.post("unjudged", judged=False)
    await world.start()
    assert ids(await listed(world)) == ["a", "b"]
