"""Whoever listens to a list hears of a withdrawal at the next glance, not at the next look."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from domain.events import Decision
from domain.trending import Window
from services.context import RequestContext
from services.inputs import TrendingScope
from services.pages import TrendingHead
from services.trending_watch import TrendingWatch
from services.watched_list import WatchedHead
from tests.services.world import World

WATCHED = WatchedHead(10, Window.DAY, TrendingScope())


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

    def stands(self, head: TrendingHead) -> bool:
        found = self._trending.stands(head)
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
    head = await trending.head(
        await filled.request(), first=10, window=Window.DAY, scope=TrendingScope()
    )
    assert trending.stands(head)
    await filled.judge("c", Decision.SHADOW_BAN, "human:mo")
    await filled.services.cache.poll()
    assert not trending.stands(head)


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
