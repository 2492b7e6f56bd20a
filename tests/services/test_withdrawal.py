"""A decision of another process: once news are read, the post is in no list or open session."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from domain.creators import CreatorRecord
from domain.events import Decision, UserUpdated
from domain.ports.creators import StoredUser
from domain.posts import PostRecord, PostStats
from domain.trending import Window
from services.creator_cache import CreatorCache
from services.inputs import SearchFilter, SettingsChange, TrendingScope
from services.pages import PostCard, SearchType
from services.pool_cache import PoolCache
from services.post_catalog import PostCatalog
from tests.services.world import World, post_gid

Listed = Callable[[World, str | None], Awaitable[tuple[Sequence[str], str | None]]]


async def explore(world: World, after: str | None) -> tuple[Sequence[str], str | None]:
    context = await world.request("me", after=after)
    page = await world.services.explore.page(context, first=5, after=after, region=None)
    return [item.card.record.id for item in page.items], page.items[-1].cursor


async def category(world: World, after: str | None) -> tuple[Sequence[str], str | None]:
    context = await world.request("me", after=after)
    page = await world.services.explore.category(context, "music", first=5, after=after)
    return [item.card.record.id for item in page.items], page.items[-1].cursor


async def trending(world: World, after: str | None) -> tuple[Sequence[str], str | None]:
    context = await world.request("me", after=after)
    page = await world.services.trending.page(
        context, first=5, after=after, window=Window.DAY, scope=TrendingScope()
    )
    return [item.card.record.id for item in page.items], page.items[-1].cursor


async def search(world: World, after: str | None) -> tuple[Sequence[str], str | None]:
    context = await world.request("me", after=after)
    page = await world.services.search.search(
        context,
        query="music",
        type=SearchType.POSTS,
        first=5,
        after=after,
        filter=SearchFilter(),
    )
    found = [item.result.record.id for item in page.items if isinstance(item.result, PostCard)]
    return found, page.items[-1].cursor


async def fill(world: World) -> None:
    await world.category("music")
    for number in range(20):
        await world.post(f"p{number:02}", author=f"a{number}", rising=9.0 + number)
    await world.start()


@pytest.mark.parametrize("decision", [Decision.REJECT, Decision.SHADOW_BAN])
@pytest.mark.parametrize("listed", [explore, category, trending, search])
async def test_an_open_session_and_a_new_one_are_without_it_and_as_full(
    listed: Listed, decision: Decision, world: World
) -> None:
    await fill(world)
    _, cursor = await listed(world, None)
    await world.settle()
    before, _ = await listed(world, cursor)
    await world.settle()
    gone = before[2]
    await world.judge(gone, decision, "human:mo")
    await world.services.cache.poll()
    same, _ = await listed(world, cursor)
    await world.settle()
    assert gone not in same
    assert len(same) == 5
    assert [post for post in before if post != gone] == list(same[:4])
    shown, after = await listed(world, None)
    seen = list(shown)
    while len(shown) == 5 and after is not None and len(seen) < 19:
        await world.settle()
        shown, after = await listed(world, after)
        seen += shown
    assert gone not in seen
    assert await world.services.nodes.get_many(await world.request("me"), [post_gid(gone)]) == [
        None
    ]


async def test_what_is_taken_back_returns(world: World) -> None:
    await fill(world)
    for decision in (Decision.REJECT, Decision.CLEAR):
        await world.judge("p19", decision, "human:mo")
        await world.services.cache.poll()
    shown, _ = await trending(world, None)
    assert shown[0] == "p19"


async def test_the_author_still_meets_a_shadow_banned_post_and_sees_when_it_ends(
    world: World,
) -> None:
    await fill(world)
    await world.judge("p01", Decision.SHADOW_BAN, "human:mo")
    await world.services.cache.poll()
    (card,) = await world.services.nodes.get_many(await world.request("a1"), [post_gid("p01")])
    assert isinstance(card, PostCard)
    assert card.visibility is not None
    assert card.visibility.status == "SHADOW_BANNED"
    decided = (await world.record("p01")).decided_at
    assert decided is not None
    assert card.visibility.expires_at == decided + 90 * 86_400.0
    assert not card.visibility.eligible_for_recommendation


async def test_a_sensitive_post_by_id_is_behind_a_notice_unless_asked_for(world: World) -> None:
    await world.post("bare", author="ann", nsfw=0.9)
    await world.start()

    async def notice(viewer: str | None) -> str | None:
        found = await world.services.nodes.get_many(
            await world.request(viewer), [post_gid("bare")]
        )
        assert isinstance(found[0], PostCard)
        return found[0].interstitial

    assert [await notice(None), await notice("me"), await notice("ann")] == ["NSFW", "NSFW", None]
    settings = SettingsChange(show_sensitive=True)
    await world.services.viewer.update_settings(await world.request("me"), settings)
    assert await notice("me") is None


@pytest.mark.parametrize("missed", [False, True])
async def test_a_post_withdrawn_on_its_way_here_does_not_come_in(
    *, missed: bool, world: World
) -> None:
    """Its news finds nothing to refresh: the record read before it is only waiting for counts."""
    await world.post("p", author="ann")
    asked, go_on = asyncio.Event(), asyncio.Event()

    class Counts:
        async def stats(self, post_ids: Sequence[str]) -> Sequence[PostStats]:
            asked.set()
            await go_on.wait()
            return [PostStats() for _ in post_ids]

    catalog = PostCatalog(world.records, Counts(), CreatorCache(world.creators))
    cache = PoolCache(world.pools, catalog, world.background, world.clock, world.metrics)
    await world.pools.replace("fresh:all", {})
    await cache.poll()
    async with asyncio.TaskGroup() as group:
        group.create_task(catalog.load(["p"]))
        await asked.wait()
        await world.judge("p", Decision.REJECT, "human:mo")
        if missed:
            await world.pools.announce(posts=["other"] * 10_001)
        await cache.poll()
        go_on.set()
    found = catalog.table.find("p")
    assert found is not None
    assert found.status == "REJECTED"
    assert not catalog.table.columns.recommendable[catalog.table.row("p")]


async def test_a_creator_deleted_on_its_way_here_does_not_come_in(world: World) -> None:
    await world.creator("ann", "ann.a")
    asked, go_on = asyncio.Event(), asyncio.Event()

    class Slow:
        async def get_many(self, ids: Sequence[str]) -> Sequence[CreatorRecord | None]:
            found = await world.creators.get_many(ids)
            asked.set()
            await go_on.wait()
            return found

        async def by_handle(self, handle: str) -> CreatorRecord | None:
            return await world.creators.by_handle(handle)

    creators = CreatorCache(Slow())
    async with asyncio.TaskGroup() as group:
        group.create_task(creators.load(["ann"]))
        await asked.wait()
        gone = UserUpdated(user_id="ann", handle="ann.a", display_name="Ann", deleted=True)
        await world.creators.update([StoredUser(0, 99, world.clock.now() + 99.0, gone)])
        await creators.refresh(["ann"])
        go_on.set()
    found = creators.find("ann")
    assert found is not None
    assert found.deleted


async def test_a_replica_that_lags_brings_no_withdrawn_post_back(world: World) -> None:
    await world.post("p", author="ann")
    await world.post("q", author="ann")
    await world.pools.replace("fresh:all", {})
    await world.start()
    old = [await world.record("q"), await world.record("p")]
    await world.judge("p", Decision.REJECT, "human:mo")
    await world.services.cache.poll()

    async def of_creator(creator_id: str, **_: object) -> Sequence[PostRecord]:
        return old

    world.posts.of_creator = of_creator
    page = await world.services.creators.posts(await world.request(), "ann", first=5, after=None)
    assert [item.card.record.id for item in page.items] == ["q"]
    assert await world.services.nodes.get_many(await world.request(), [post_gid("p")]) == [None]
