"""A served response comes out of its session again; what has changed since is told."""

import pytest

from domain.events import Decision
from domain.trending import Window
from services.creator_cache import CreatorCache
from services.inputs import TrendingScope
from services.post_catalog import PostCatalog
from services.replaying import NothingToReplay, Replays
from tests.fakes.records import MemoryCreatorRecords
from tests.services.explore_pages import fill, ids, page
from tests.services.world import World


def replays(world: World) -> Replays:
    """As the command has them: over the stores, knowing nothing of the API's process."""
    creators = CreatorCache(MemoryCreatorRecords(world.creators))
    return Replays(world.viewers, PostCatalog(world.records, world.counters, creators))


async def test_every_page_of_a_session_comes_out_again(world: World) -> None:
    await fill(world, 120, authors=20)
    served = [ids(found := await page(world, "me", request="one"))]
    for request in ("two", "three"):
        world.clock.advance(30.0)
        found = await page(world, "me", after=found.items[-1].cursor, request=request)
        served.append(ids(found))
    world.clock.advance(30.0)
    for number, (request, expected) in enumerate(
        zip(("one", "two", "three"), served, strict=True)
    ):
        (replay,) = await replays(world).of(request)
        assert [post.post_id for post in replay.posts] == expected
        assert [post.place for post in replay.posts] == list(range(20 * number, 20 * number + 20))
        assert replay.same_order
        assert replay.same_scores


async def test_scores_and_sources_are_those_of_the_explanation(world: World) -> None:
    await fill(world)
    context = await world.request("me", roles=["analyst"])
    found = await world.services.explore.page(context, first=20, after=None, region=None)
    await world.settle()
    (replay,) = await replays(world).of("request")
    assert [(post.account, post.source) for post in replay.posts] == [
        (item.explanation, item.source) for item in found.items
    ]


async def test_a_page_that_made_the_session_grow_comes_out_again(world: World) -> None:
    await world.category("music")
    for number in range(360):
        await world.post(f"p{number:03}", author=f"a{number % 9}", rising=float(number + 3))
    await world.start()
    found = await page(world, "me", first=50, request="0")
    pages = 1
    while found.has_next:
        found = await page(world, "me", first=50, after=found.items[-1].cursor, request=str(pages))
        pages += 1
    for number in range(pages):
        (replay,) = await replays(world).of(str(number))
        assert replay.same_order
        assert replay.same_scores


async def test_what_was_withdrawn_since_makes_a_difference_that_is_told(world: World) -> None:
    await fill(world)
    found = await page(world, "me", first=10)
    served = ids(await page(world, "me", after=found.items[-1].cursor, request="two"))
    await world.judge(served[4], Decision.REJECT, "human:1")
    (replay,) = await replays(world).of("two")
    assert not replay.same_order
    assert replay.served == tuple(served)
    assert served[4] not in {post.post_id for post in replay.posts}
    assert replay.same_scores


async def test_every_list_of_a_request_is_replayed(world: World) -> None:
    await fill(world)
    context = await world.request(None)
    await world.services.explore.page(context, first=5, after=None, region=None)
    await world.services.trending.page(
        context, first=5, after=None, window=Window.DAY, scope=TrendingScope()
    )
    await world.settle()
    found = await replays(world).of("request")
    assert sorted(replay.operation for replay in found) == ["explore", "trending"]
    assert all(replay.same_order and replay.same_scores for replay in found)


async def test_a_session_that_is_over_is_nothing_to_replay(world: World) -> None:
    await fill(world)
    await page(world, "me")
    with pytest.raises(NothingToReplay, match="request other"):
        await replays(world).of("other")
    world.viewers.sessions.clear()
    with pytest.raises(NothingToReplay, match="the session is over"):
        await replays(world).of("request")
