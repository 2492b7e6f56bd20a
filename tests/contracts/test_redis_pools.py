"""Ports ``Pools`` and ``PoolWriter``."""

import pytest

from domain.ports.pools import PoolWrite
from tests.contracts.redis_ports import RedisPorts

TREND = "trending:DAY:global"
AUTHOR = "author:ann"


async def test_scores_are_absolute_and_writing_again_changes_nothing(ports: RedisPorts) -> None:
    write = PoolWrite(TREND, {"a": 1.5, "b": 997493.46226106, "c": -2.0}, ("d",))
    await ports.pool_writer.write([write])
    await ports.pool_writer.write([write])
    (found,) = await ports.pools.read([TREND], 10)
    assert list(found.ids) == ["b", "a", "c"]
    assert found.scores.tolist() == [997493.46226106, 1.5, -2.0]
    assert found.version == 2


async def test_members_leave_and_equal_scores_have_one_order(ports: RedisPorts) -> None:
    await ports.pool_writer.write([PoolWrite(TREND, {"a": 1.0, "b": 1.0, "c": 1.0})])
    await ports.pool_writer.write([PoolWrite(TREND, {}, ("b", "unknown"))])
    (found,) = await ports.pools.read([TREND], 10)
    assert list(found.ids) == ["c", "a"]


async def test_a_read_is_bounded_and_keeps_the_order_asked(ports: RedisPorts) -> None:
    scores = {f"p{number:04}": float(number) for number in range(1_200)}
    await ports.pool_writer.write([PoolWrite(TREND, scores)])
    missing, found = await ports.pools.read(["fresh:all", TREND], 2)
    assert (missing.version, list(missing.ids), missing.scores.tolist()) == (0, [], [])
    assert list(found.ids) == ["p1199", "p1198"]
    assert await ports.pools.read([], 2) == []


async def test_only_shared_pools_have_versions(ports: RedisPorts) -> None:
    long_tail = [PoolWrite(AUTHOR, {"a": 1.0}), PoolWrite("trending:DAY:tag:cats", {"a": 1.0})]
    await ports.pool_writer.write([PoolWrite(TREND, {"a": 1.0}), *long_tail])
    assert (await ports.pools.news("")).versions == {TREND: 1}
    (found,) = await ports.pools.read([AUTHOR], 5)
    assert list(found.ids) == ["a"]


async def test_a_pool_is_replaced_at_once_and_emptied(ports: RedisPorts) -> None:
    name = "creators:all"
    await ports.pool_writer.replace(name, {f"c{number}": float(number) for number in range(2_500)})
    await ports.pool_writer.replace(name, {"ann": 2.0, "bob": 1.0})
    (found,) = await ports.pools.read([name], 10)
    assert (list(found.ids), found.version) == (["ann", "bob"], 2)
    await ports.pool_writer.replace(name, {})
    (found,) = await ports.pools.read([name], 10)
    assert list(found.ids) == []


@pytest.mark.parametrize("size", [3, 2_500])
async def test_the_lowest_members_are_trimmed(ports: RedisPorts, size: int) -> None:
    scores = {f"p{number:04}": float(number) for number in range(size)}
    await ports.pool_writer.write([PoolWrite(TREND, scores)])
    await ports.pool_writer.trim(TREND, 2)
    (found,) = await ports.pools.read([TREND], 10)
    assert list(found.ids) == [f"p{size - 1:04}", f"p{size - 2:04}"]
    await ports.pool_writer.trim("nowhere", 2)


async def test_the_change_feed_goes_on_where_a_reader_left_off(ports: RedisPorts) -> None:
    await ports.pool_writer.announce(posts=["old"])
    start = await ports.pools.news("")
    assert (start.posts, start.creators, start.missed) == ((), (), False)
    await ports.pool_writer.announce(posts=["a", "b"], creators=["ann"])
    await ports.pool_writer.announce(posts=["a"])
    news = await ports.pools.news(start.position)
    assert (list(news.posts), list(news.creators)) == (["a", "b"], ["ann"])
    assert not news.missed
    later = await ports.pools.news(news.position)
    assert (list(later.posts), list(later.creators)) == ([], [])


async def test_a_reader_of_an_empty_feed_misses_nothing(ports: RedisPorts) -> None:
    start = await ports.pools.news("")
    await ports.pool_writer.announce(posts=[f"p{number}" for number in range(250)])
    news = await ports.pools.news(start.position)
    assert len(news.posts) == 250
    assert not news.missed


async def test_a_reader_too_far_behind_is_told(ports: RedisPorts) -> None:
    await ports.pool_writer.announce(posts=["first"])
    start = await ports.pools.news("")
    for _ in range(130):
        await ports.pool_writer.announce(posts=[f"p{number}" for number in range(10_000)])
    assert (await ports.pools.news(start.position)).missed
