"""Whoever listens to a list hears of a withdrawal at the next glance, not at the next look."""

import asyncio
from collections.abc import AsyncGenerator, Collection

import pytest
from typing_extensions import override

from domain.errors import InvalidInput
from domain.events import Decision
from domain.trending import Window
from domain.viewer import ContentSettings, ViewerState
from services.context import RequestContext
from services.inputs import TrendingScope
from services.live_request import LiveViewers
from services.pages import TrendingHead
from services.shown_heads import ShownHeads
from services.trending_watch import TrendingWatch
from services.watched_list import HeadChange, WatchedHead, WatchedList
from tests.services.world import World

WATCHED = WatchedHead(10, Window.DAY, TrendingScope())


def shown(change: HeadChange) -> list[str]:
    return [item.card.record.id for item in change.head.items]


class Counted:
    """The lists of a world, with the order of what was asked: a look or a glance."""

    def __init__(self, world: World) -> None:
        self.asked: list[str] = []
        self.glanced = asyncio.Event()
        self._trending = world.services.trending

    async def head(
        self, c: RequestContext, /, *, first: int, window: Window, scope: TrendingScope
    ) -> TrendingHead:
        self.asked.append("look")
        return await self._trending.head(c, first=first, window=window, scope=scope)

    def stands(self, post_ids: Collection[str]) -> bool:
        found = self._trending.stands(post_ids)
        self.asked.append("glance" if found else "withdrawn")
        self.glanced.set()
        return found


@pytest.fixture
async def filled(world: World) -> AsyncGenerator[World]:
    for name, rising in (("a", 9.0), ("b", 8.0), ("c", 7.0)):
        await world.post(name, rising=rising)
    await world.start()
    yield world
    await world.settle()


async def test_a_withdrawal_is_looked_at_at_once(filled: World) -> None:
    counted = Counted(filled)
    watch = TrendingWatch(counted, interval=0.2, stands=counted.stands)
    changes = watch.changes(await filled.request(), WATCHED, None)
    first = await anext(changes)
    assert [item.card.record.id for item in first.head.items] == ["a", "b", "c"]
    await counted.glanced.wait()
    await filled.judge("b", Decision.REJECT, "human:mo")
    await filled.services.cache.poll()
    change = await anext(changes)
    assert [item.card.record.id for item in change.head.items] == ["a", "c"]
    if "withdrawn" in counted.asked:  # else a look was due just then
        place = counted.asked.index("withdrawn")
        assert counted.asked[place : place + 2] == ["withdrawn", "look"]
    await changes.aclose()
    await watch.stop()


async def test_a_head_stands_while_all_of_it_may_be_shown(filled: World) -> None:
    trending = filled.services.trending
    assert trending.stands(["a", "b", "c"])
    assert not trending.stands(["a", "nothing"])
    await filled.judge("c", Decision.SHADOW_BAN, "human:mo")
    await filled.services.cache.poll()
    assert not trending.stands(["a", "b", "c"])
    assert trending.stands(["a", "b"])


@pytest.mark.parametrize("viewer_id", [None, "ada"])
async def test_who_was_away_when_a_post_was_withdrawn_is_told(
    filled: World, viewer_id: str | None
) -> None:
    watch = TrendingWatch(filled.services.trending, interval=0.01)
    changes = watch.changes(await filled.request(viewer_id), WATCHED, None)
    held = (await anext(changes)).version
    await changes.aclose()
    await filled.judge("b", Decision.REJECT, "human:mo")
    await filled.services.cache.poll()
    back = watch.changes(await filled.request(viewer_id), WATCHED, held)
    change = await anext(back)
    assert change.before is not None
    assert change.before.posts == ("a", "b", "c")
    assert [item.card.record.id for item in change.head.items] == ["a", "c"]
    assert change.version > held
    await back.aclose()
    await watch.stop()


async def test_a_withdrawal_from_a_head_of_ones_own_is_told_though_the_shared_one_stays(
    filled: World,
) -> None:
    await filled.post("s", rising=8.5, nsfw=0.9)
    await filled.services.cache.poll()
    opted_in = ViewerState(version=1, settings=ContentSettings(show_sensitive=True))
    filled.viewers.kept_states["ada"] = opted_in
    trending = filled.services.trending
    watch = TrendingWatch(trending, interval=0.05, stands=trending.stands)
    own = watch.changes(await filled.request("ada"), WATCHED, None)
    shared = watch.changes(await filled.request(), WATCHED, None)
    assert shown(await anext(own)) == ["a", "s", "b", "c"]
    assert shown(await anext(shared)) == ["a", "b", "c"]
    waiting = asyncio.ensure_future(anext(shared))
    await filled.judge("s", Decision.REJECT, "human:mo")
    await filled.services.cache.poll()
    async with asyncio.timeout(5.0):
        change = await anext(own)
    assert change.before is not None
    assert shown(change) == ["a", "b", "c"]
    assert not waiting.done()
    watch.close()
    with pytest.raises(StopAsyncIteration):
        await waiting
    await own.aclose()
    await watch.stop()


@pytest.mark.parametrize("redis", ["there", "away", "emptied"])
async def test_what_a_listener_blocks_meanwhile_is_left_out_and_stays_so(
    redis: str, filled: World
) -> None:
    watch = TrendingWatch(filled.services.trending, interval=0.01, viewers=filled.viewers)
    changes = watch.changes(await filled.request("ada"), WATCHED, None)
    assert shown(await anext(changes)) == ["a", "b", "c"]
    filled.viewers.kept_states["ada"] = ViewerState(version=1, blocked=("by-b",))
    await filled.rise("c", 20.0)
    await filled.services.cache.poll()
    assert shown(await anext(changes)) == ["c", "a"]
    if redis == "emptied":
        filled.viewers.kept_states.clear()
    await filled.rise("a", 30.0)
    await filled.services.cache.poll()
    filled.viewers.away = redis == "away"
    assert shown(await anext(changes)) == ["a", "c"]
    await changes.aclose()
    await watch.stop()


async def test_a_store_that_is_away_holds_up_one_listener_and_no_others(filled: World) -> None:
    filled.viewers.away = True
    viewers = LiveViewers(filled.viewers)
    assert await viewers.reads("ada") is None
    filled.viewers.away = False
    assert await viewers.reads("ben") is None  # it was not asked
    restless = LiveViewers(filled.viewers, rest=0.0)
    filled.viewers.away = True
    assert await restless.reads("ada") is None
    filled.viewers.away = False
    assert await restless.reads("ben") is not None


@pytest.mark.parametrize("viewer_id", [None, "ada"])
async def test_a_list_that_is_no_more_ends_its_streams_and_may_come_back(
    filled: World, viewer_id: str | None
) -> None:
    await filled.category("quiet")
    await filled.post("q", category="quiet", rising=5.0)
    await filled.start()
    quiet = WatchedHead(10, Window.DAY, TrendingScope(category="quiet"))
    watch = TrendingWatch(filled.services.trending, interval=0.01)
    changes = watch.changes(await filled.request(viewer_id), quiet, None)
    await anext(changes)
    await filled.category("quiet", is_active=False)
    await filled.services.category_catalog.refresh()
    with pytest.raises(InvalidInput):
        async with asyncio.timeout(5.0):
            await anext(changes)
    with pytest.raises(InvalidInput):
        await anext(watch.changes(await filled.request(viewer_id), quiet, None))
    await filled.category("quiet")
    await filled.services.category_catalog.refresh()
    back = watch.changes(await filled.request(viewer_id), quiet, None)
    assert shown(await anext(back)) == ["q"]
    await filled.post("r", category="quiet", rising=50.0)
    await filled.services.cache.poll()
    assert shown(await anext(back)) == ["r", "q"]
    await back.aclose()
    await watch.stop()


async def test_a_look_that_breaks_ends_its_streams(filled: World) -> None:
    class Broken(Counted):
        @override
        async def head(
            self, c: RequestContext, /, *, first: int, window: Window, scope: TrendingScope
        ) -> TrendingHead:
            if self.asked:
                raise ZeroDivisionError
            return await super().head(c, first=first, window=window, scope=scope)

    watch = TrendingWatch(Broken(filled), interval=0.01)
    changes = watch.changes(await filled.request(), WATCHED, None)
    await anext(changes)
    with pytest.raises(ZeroDivisionError):
        async with asyncio.timeout(5.0):
            await anext(changes)
    await watch.stop()


async def test_who_leaves_waits_no_longer(filled: World) -> None:
    trending = filled.services.trending
    head = await trending.head(
        await filled.request(), first=10, window=Window.DAY, scope=TrendingScope()
    )
    watched = WatchedList(head, ShownHeads(1, 2))
    waiting = asyncio.ensure_future(watched.moved())
    await asyncio.sleep(0)
    assert watched.waiting == 1
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert watched.waiting == 0
