"""Engines away: reads answer all the same, and say what is missing."""

import numpy as np
import pytest

from domain import pools
from domain.errors import Unavailable
from domain.events import Decision
from domain.feed import CandidateSource
from domain.ports.snapshots import Snapshot
from domain.trending import Window
from services.inputs import SearchFilter, TrendingScope
from services.pages import SearchType
from services.sources import PERSONAL
from tests.services.explore_pages import TOPICS, fill, ids, page
from tests.services.world import World, post_gid


async def test_without_redis_the_last_columns_serve_and_grow_stale(world: World) -> None:
    await fill(world)
    before = ids(await page(world))
    world.redis.away = True
    found = await page(world, "me")
    assert found.info is not None
    assert found.info.freshness == "LIVE"
    assert found.info.degraded_sources == (*(source.name for source in PERSONAL), "viewer")
    assert len(found.items) == 20
    world.clock.advance(31.0)
    found = await page(world)
    assert ids(found) == before
    assert found.info is not None
    assert found.info.freshness == "STALE"


async def test_pages_go_on_without_redis(world: World) -> None:
    await fill(world)
    world.redis.away = True
    found = await page(world, "me")
    shown = ids(found)
    while found.has_next:
        found = await page(world, "me", after=found.items[-1].cursor)
        shown += ids(found)
    assert len(shown) == len(set(shown)) == 100


async def test_a_store_that_comes_back_is_read_again(world: World) -> None:
    await fill(world, 20)
    world.redis.away = True
    world.clock.advance(31.0)
    world.redis.away = False
    await world.post("late", author="x", age=5.0, rising=400.0)
    await world.services.cache.poll()
    found = await page(world)
    assert found.info is not None
    assert found.info.freshness == "LIVE"
    assert "late" in ids(found)


async def test_a_redis_that_lost_everything_does_not_empty_the_lists(world: World) -> None:
    await fill(world, 20)
    world.pools.__init__()  # what a store is that starts anew
    with pytest.raises(Unavailable):
        await world.services.cache.poll()
    assert len((await page(world)).items) == 20


async def test_before_the_first_pools_snapshots_serve(world: World) -> None:
    await fill(world, 40)
    await world.materialize()
    world.restart()
    await world.services.category_catalog.refresh()
    world.redis.away = True
    found = await page(world)
    assert found.info is not None
    assert found.info.freshness == "SNAPSHOT"
    assert found.info.degraded_sources == ("TRENDING", "EDITORIAL", "FRESH", "SERENDIPITY")
    assert len(found.items) == 20
    assert {item.source for item in found.items} == {CandidateSource.SNAPSHOT}
    trending = await world.services.trending.page(
        await world.request(), first=5, after=None, window=Window.DAY, scope=TrendingScope()
    )
    assert len(trending.items) == 5
    creators = await world.services.creators.recommended(
        await world.request(), first=5, after=None, category=None
    )
    assert len(creators.items) == 5


async def test_with_all_engines_away_the_static_list_serves(world: World) -> None:
    await fill(world, 40)
    world.static.lists = await world.materialize()
    world.restart()
    for outage in (world.redis, world.postgresql, world.opensearch):
        outage.away = True
    context = await world.request()
    categories = await world.services.categories.page(context, first=10, after=None)
    assert [item.record.slug for item in categories.items] == sorted(TOPICS)
    found = await page(world)
    assert found.info is not None
    assert found.info.freshness == "STATIC"
    assert len(found.items) == 20
    assert {item.source for item in found.items} == {CandidateSource.STATIC}
    trending = world.services.trending
    rising = await trending.page(
        context, first=5, after=None, window=Window.DAY, scope=TrendingScope()
    )
    assert [item.card.record.id for item in rising.items] == [f"p{n:03}" for n in range(5)]
    film = await trending.page(
        context, first=50, after=None, window=Window.DAY, scope=TrendingScope(category="film")
    )
    assert {item.card.record.category for item in film.items} == {"film"}
    category = await world.services.categories.posts(context, "film", first=50, after=None)
    assert {item.card.record.category for item in category.items} == {"film"}
    creators = await world.services.creators.recommended(
        context, first=5, after=None, category=None
    )
    assert len(creators.items) == 5
    hashtags = await world.services.hashtags.trending(
        context, first=5, after=None, window=Window.DAY, region=None
    )
    assert hashtags.items == ()
    search = await world.services.search.search(
        context,
        query="music",
        type=SearchType.POSTS,
        first=5,
        after=None,
        filter=SearchFilter(),
    )
    assert search.info is not None
    assert "SEARCH" in search.info.degraded_sources


async def test_without_redis_posts_are_found_by_id_in_postgresql(world: World) -> None:
    await fill(world, 5)
    await world.post("elsewhere", author="x")
    world.redis.away = True
    (card,) = await world.services.nodes.get_many(await world.request(), [post_gid("elsewhere")])
    assert card is not None


async def test_without_postgresql_a_creators_page_shows_what_is_known(world: World) -> None:
    await fill(world, 5)
    await world.post("old", author="x", age=500.0)
    await world.post("new", author="x", age=100.0)
    world.postgresql.away = True
    found = await world.services.creators.posts(await world.request(), "x", first=5, after=None)
    assert [item.card.record.id for item in found.items] == ["new", "old"]


async def test_without_opensearch_postgresql_searches(world: World) -> None:
    await fill(world, 20)
    world.opensearch.away = True
    found = await world.services.search.search(
        await world.request(),
        query="music",
        type=SearchType.POSTS,
        first=5,
        after=None,
        filter=SearchFilter(),
    )
    assert found.info is not None
    assert found.info.degraded_sources == ("SEARCH",)
    assert found.total == 4
    assert len(found.items) == 4


@pytest.mark.parametrize("has_begun", [False, True])
async def test_what_an_old_list_shows_is_read_again_with_the_first_pools(
    *, has_begun: bool, world: World
) -> None:
    """The list is of before the rejection; it may come while the first pools are read, too."""
    for post_id in ("p", "q"):
        await world.post(post_id, tags=("jazz",))
    old = await world.record("p")
    scores = np.array([30.0])
    listed = Snapshot(pools.trending_worldwide(Window.DAY), world.clock.now(), [old], scores)
    world.static.lists = [listed]
    await world.judge("p", Decision.REJECT, "human:mo")
    world.redis.away = world.postgresql.away = True
    services = world.restart()
    if has_begun:
        reading = world.pools.read

        async def read(names: list[str], limit: int) -> object:
            services.cache.adopt(listed)
            return await reading(names, limit)

        world.pools.read = read  # pyright: ignore[reportAttributeAccessIssue] - the moment between
    else:
        assert await services.fallback.level() == "STATIC"
    world.redis.away = world.postgresql.away = False
    await services.category_catalog.refresh()
    await services.cache.poll()
    assert await services.nodes.get_many(await world.request(), [post_gid("p")]) == [None]
    related = await services.related.page(await world.request(), "q", first=5, after=None)
    assert [item.card.record.id for item in related.items] == []
    services.cache.adopt(listed)
    services.cache.catalog.table.withdraw("p")
    services.cache.adopt(listed)
    assert services.cache.catalog.table.find("p") is None
