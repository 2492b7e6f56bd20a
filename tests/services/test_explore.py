"""A page of the For You feed: what it tells, what it refuses and what it costs."""

from collections import Counter
from collections.abc import Sequence

import pytest

from domain import pools
from domain.errors import InvalidInput
from domain.ports.pools import PoolWrite
from tests.services.explore_pages import fill, page
from tests.services.world import World


async def test_a_page_is_complete_and_says_where_it_lies(world: World) -> None:
    await fill(world)
    found = await page(world, "me")
    assert len(found.items) == 20
    assert [item.position for item in found.items] == list(range(20))
    assert found.has_next
    assert not found.has_previous
    assert found.info is not None
    assert found.info.freshness == "LIVE"
    assert found.info.degraded_sources == ()
    assert found.info.new_posts is None
    assert all(item.reasons for item in found.items)
    assert all(item.explanation is None for item in found.items)


@pytest.mark.parametrize("first", [0, -1, 51])
async def test_a_page_size_out_of_range_is_refused(world: World, first: int) -> None:
    await fill(world, 5)
    with pytest.raises(InvalidInput) as refused:
        await page(world, "me", first=first)
    assert refused.value.field == "first"


async def test_a_malformed_region_is_refused(world: World) -> None:
    await fill(world, 5)
    with pytest.raises(InvalidInput) as refused:
        await page(world, "me", region="de")
    assert refused.value.field == "region"


async def test_analysts_see_an_exact_account(world: World) -> None:
    await fill(world)
    context = await world.request("me", roles=["analyst"])
    found = await world.services.explore.page(context, first=20, after=None, region=None)
    for item in found.items:
        account = item.explanation
        assert account is not None
        total = 0.0
        for term in account.terms:
            assert term.contribution == term.value * term.weight
            total += term.contribution
        for adjustment in account.adjustments:
            total *= adjustment.factor
        assert total == account.total


async def test_a_warm_page_asks_no_store_but_for_the_request_itself(world: World) -> None:
    await fill(world)
    await page(world, "me")
    for outage in (world.redis, world.postgresql, world.opensearch):
        outage.calls.clear()
    context = await world.request("me")
    await world.services.explore.page(context, first=20, after=None, region=None)
    assert world.redis.calls == Counter(begin=1)
    assert world.postgresql.calls == Counter()
    await world.settle()
    assert world.redis.calls == Counter(begin=1, write_session=1)


async def test_a_hundred_viewers_of_one_pool_read_it_once(world: World) -> None:
    await fill(world, 20)
    await world.pools.write([PoolWrite(pools.by_author("z"), {"p001": 1.0})])
    world.redis.calls.clear()
    names: Sequence[str] = [pools.by_author("z")]
    assert await world.services.cache.require(names) == {}
    assert await world.services.cache.require(names) == {}
    assert world.redis.calls["read"] == 1
