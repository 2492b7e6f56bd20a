"""Pools in memory: read when they move, once for many, and bounded."""

import asyncio

import pytest

from domain import pools
from domain.errors import Unavailable
from domain.events import Decision
from domain.posts import PostStats
from domain.trending import Window
from services.creator_cache import CreatorCache
from services.held_pools import MAX_HELD
from services.lack import Lack
from services.pool_cache import PoolCache
from services.post_catalog import PostCatalog
from tests.services.world import World

DAY = pools.trending_worldwide(Window.DAY)


def held(world: World, name: str) -> list[str]:
    cache = world.services.cache
    return [cache.catalog.table.record(row).id for row in cache.pool(name).rows.tolist()]


async def test_a_pool_that_did_not_move_is_not_read_again(world: World) -> None:
    await world.post("a", rising=5.0)
    await world.start()
    world.redis.calls.clear()
    await world.services.cache.poll()
    assert world.redis.calls["news"] == 1
    assert world.redis.calls["read"] == 0
    await world.rise("a", 9.0)
    await world.services.cache.poll()
    assert world.redis.calls["read"] == 1


async def test_rare_pools_are_read_when_asked_for_and_kept_current_while_in_use(
    world: World,
) -> None:
    await world.post("a", rising={"DE": 5.0})
    await world.start()
    name = pools.trending_in_region(Window.DAY, "DE")
    assert held(world, name) == []
    assert await world.services.cache.require([name]) == {}
    assert held(world, name) == ["a"]
    await world.post("b", rising={"DE": 9.0})
    await world.services.cache.poll()
    assert held(world, name) == ["b", "a"]


async def test_of_many_who_need_a_pool_one_reads_it(world: World) -> None:
    await world.post("a", rising={"DE": 5.0})
    await world.start()
    world.redis.calls.clear()
    name = pools.trending_in_region(Window.DAY, "DE")
    async with asyncio.TaskGroup() as group:
        for _ in range(50):
            group.create_task(world.services.cache.require([name]))
    assert world.redis.calls["read"] == 1


async def test_a_pool_nobody_ever_wrote_costs_nothing(world: World) -> None:
    await world.start()
    world.redis.calls.clear()
    assert await world.services.cache.require([pools.trending_in_region(Window.DAY, "ZZ")]) == {}
    assert world.redis.calls["read"] == 0


async def test_rare_pools_are_bounded(world: World) -> None:
    await world.post("a", rising=5.0)
    await world.start()
    cache = world.services.cache
    for number in range(MAX_HELD + 40):
        await cache.require([pools.by_author(f"nobody{number}")])
    assert len(cache.in_use()) <= MAX_HELD + 4
    assert cache.pool(DAY).rows.tolist() == [0]


async def test_missing_pools_of_a_store_that_is_away_are_told(world: World) -> None:
    await world.start()
    world.redis.away = True
    name = pools.by_author("ann")
    assert await world.services.cache.require([name]) == {name: Lack.UNAVAILABLE}


async def test_news_that_were_missed_have_everything_read_again(world: World) -> None:
    await world.post("a", rising=5.0)
    await world.start()
    await world.judge("a", Decision.REJECT, "human:mod")
    await world.pools.announce(posts=[f"other{number}" for number in range(10_001)])
    await world.services.cache.poll()
    table = world.services.cache.catalog.table
    assert not table.columns.recommendable[table.row("a")]


async def test_counts_follow_scores_and_in_time_everything(world: World) -> None:
    await world.post("a", rising=5.0)
    await world.post("quiet")
    await world.start()
    counts = {"a": PostStats(likes=4), "quiet": PostStats(views=2)}

    class Counts:
        async def stats(self, post_ids: list[str]) -> list[PostStats]:
            return [counts[post_id] for post_id in post_ids]

    catalog = PostCatalog(world.records, Counts(), CreatorCache(world.creators))  # pyright: ignore[reportArgumentType] - a part of the port
    cache = PoolCache(world.pools, catalog, world.background, world.clock, world.metrics)
    await cache.poll()
    table = catalog.table
    assert table.stats([table.row("a")])[0].likes == 4
    counts["a"] = PostStats(likes=5)
    await world.rise("a", 6.0)
    await cache.poll()
    assert table.stats([table.row("a")])[0].likes == 5
    counts["quiet"] = PostStats(views=3)
    for _ in range(51):
        await cache.poll()
    assert table.stats([table.row("quiet")])[0].views == 3


async def test_a_full_table_is_compacted_and_pools_stay_right(world: World) -> None:
    for number in range(30):
        await world.post(f"p{number:02}", rising=float(100 - number) if number < 8 else 0.0)
    catalog = PostCatalog(world.records, world.counters, CreatorCache(world.creators), capacity=20)
    cache = PoolCache(world.pools, catalog, world.background, world.clock, world.metrics)
    await world.pools.replace(pools.fresh(), {})
    await cache.poll()
    await catalog.load([f"p{number:02}" for number in range(30)])
    assert catalog.is_full
    await cache.poll()
    assert len(catalog.table) == 10
    shown = [catalog.table.record(row).id for row in cache.pool(DAY).rows.tolist()]
    assert shown == [f"p{number:02}" for number in range(8)]


async def test_creators_that_cannot_be_read_do_not_hold_up_posts(world: World) -> None:
    await world.post("a", author="ann", rising=5.0)
    await world.creator("ann", "ann.a")

    class Away:
        away = True

        async def get_many(self, ids: list[str]) -> list[object]:
            if self.away:
                raise Unavailable("redis")
            return list(await world.creators.get_many(ids))

    source = Away()
    creators = CreatorCache(source)  # pyright: ignore[reportArgumentType] - a part of the port
    catalog = PostCatalog(world.records, world.counters, creators)
    await catalog.load(["a"])
    assert creators.find_or_nameless("ann").handle == "ann"
    source.away = False
    await world.post("b", author="bob")
    await catalog.load(["b"])
    assert creators.find_or_nameless("ann").handle == "ann.a"


@pytest.mark.parametrize("name", ["fresh:all", "creators:all"])
async def test_listings_are_told_from_pools(world: World, name: str) -> None:
    await world.post("a")
    await world.pools.replace("creators:all", {"ann": 1.0})
    await world.start()
    await world.services.cache.require([name])
    listing = world.services.cache.listing(name)
    assert (listing is not None) is name.startswith("creators")


async def test_what_topics_need_is_read_ahead(world: World) -> None:
    await world.category("music")
    await world.post("a", category="music", rising=5.0)
    await world.start()
    await world.services.warm()
    world.redis.calls.clear()
    found = await world.services.categories.posts(
        await world.request(), "music", first=5, after=None
    )
    assert len(found.items) == 1
    assert world.redis.calls["read"] == 0
