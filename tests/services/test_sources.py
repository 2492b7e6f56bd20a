"""Each source of the lists: what it brings is counted, what is missing is named."""

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest
from typing_extensions import override

from domain import pools
from domain.events import Action
from domain.feed import CandidateSource
from domain.interest_reading import Interests, read_interests
from domain.interests import Interaction, InterestProfile, apply
from domain.ports.pools import PoolMembers
from domain.trending import Window
from domain.viewer import ViewerState
from runtime.background import Background
from services.inputs import TrendingScope
from services.sources import CREATORS, LATEST, TURN_SECONDS, creators_drawn
from services.viewpoint import Viewpoint
from tests.fakes.pools import MemoryPools
from tests.services.explore_pages import fill, liked, page
from tests.services.world import World

CANDIDATES = "explore_source_candidates_total"
POSTS = "explore_source_posts_total"
DEGRADED = "explore_degraded_responses_total"
DAY = 86_400.0


class SilentPools(MemoryPools):
    """Pools of which those whose name begins so never come, until somebody lets them."""

    def __init__(self) -> None:
        super().__init__()
        self.silent = ""
        self.answer = asyncio.Event()

    @override
    async def read(self, names: Sequence[str], limit: int) -> Sequence[PoolMembers]:
        if self.silent and any(name.startswith(self.silent) for name in names):
            await self.answer.wait()
        return await super().read(names, limit)


def counts(world: World, name: str, feed: str) -> dict[str, int]:
    """By source."""
    return {
        sample.labels["source"]: int(sample.value)
        for family in world.metrics.registry.collect()
        for sample in family.samples
        if sample.name == name and sample.labels["feed"] == feed and sample.value
    }


def degraded(world: World) -> dict[tuple[str, str], int]:
    """By source and reason."""
    return {
        (sample.labels["source"], sample.labels["reason"]): int(sample.value)
        for family in world.metrics.registry.collect()
        for sample in family.samples
        if sample.name == DEGRADED
    }


async def test_candidates_and_posts_are_counted_by_source(world: World) -> None:
    await fill(world)
    await world.learn("me", liked("p003", times=30))
    await world.pools.replace(pools.similar("p003"), {f"p{n:03}": 1.0 for n in range(50, 60)})
    first = await page(world, "me")
    found = counts(world, CANDIDATES, "explore")
    assert sum(found.values()) == 100
    assert found["CO_ENGAGED"] == 10
    assert counts(world, POSTS, "explore") == Counter(item.source.name for item in first.items)
    second = await page(world, "me", after=first.items[-1].cursor)
    assert counts(world, POSTS, "explore") == Counter(
        item.source.name for item in (*first.items, *second.items)
    )
    assert counts(world, CANDIDATES, "explore") == found  # the session was ranked once
    await world.services.explore.category(await world.request(), "film", first=5, after=None)
    assert counts(world, POSTS, "category") == {"CATEGORY": 5}
    assert counts(world, POSTS, "trending") == {}


async def test_a_source_whose_store_is_away_is_named_and_the_page_is_full(world: World) -> None:
    await fill(world)
    await world.learn("me", InterestProfile(followed=["a1"]))
    context = await world.request("me")
    world.redis.away = True
    found = await world.services.explore.page(context, first=20, after=None, region=None)
    assert found.info is not None
    assert found.info.degraded_sources == ("CREATOR_AFFINITY",)
    assert len(found.items) == 20
    assert degraded(world) == {("CREATOR_AFFINITY", "unavailable"): 1}


async def test_a_source_that_does_not_come_in_time_is_told_from_one_whose_store_is_away(
    world: World,
) -> None:
    world.pools = silent = SilentPools()
    world.restart()
    await fill(world)
    await world.learn("me", InterestProfile(followed=["a1"]))
    silent.silent = "author:"
    context = await world.request("me")
    found = await world.services.explore.page(context, first=20, after=None, region=None)
    assert found.info is not None
    assert found.info.degraded_sources == ("CREATOR_AFFINITY",)
    assert len(found.items) == 20
    assert degraded(world) == {("CREATOR_AFFINITY", "timeout"): 1}
    silent.answer.set()
    await world.settle()


async def test_a_list_that_could_not_be_read_again_is_named_when_it_is_old(world: World) -> None:
    await fill(world)
    profile = liked("p003", times=30)
    profile.followed = ["a1"]
    for viewer in ("me", "somebody"):
        await world.learn(viewer, profile)
    await page(world, "somebody")
    somebody, context = await world.request("somebody"), await world.request("me")
    world.redis.away = True
    world.clock.advance(29.0)
    explore = world.services.explore
    young = await explore.page(somebody, first=20, after=None, region=None)
    assert young.info is not None
    assert young.info.degraded_sources == ()
    world.clock.advance(2.0)
    old = await explore.page(context, first=20, after=None, region=None)
    assert old.info is not None
    assert old.info.degraded_sources == ("CREATOR_AFFINITY",)
    assert CandidateSource.CREATOR_AFFINITY in {item.source for item in old.items}
    assert degraded(world) == {("CREATOR_AFFINITY", "stale"): 1}


async def test_while_the_store_of_the_pools_is_away_all_that_draw_from_it_are_named(
    world: World,
) -> None:
    await fill(world)
    world.redis.away = True
    periodic = Background()
    world.services.cache.start(periodic)
    while not world.services.cache.is_failing:  # noqa: ASYNC110 - the cache tells no event
        await asyncio.sleep(0.01)
    await periodic.close()
    context = await world.request()
    trending = await world.services.trending.page(
        context, first=5, after=None, window=Window.DAY, scope=TrendingScope(region="DE")
    )
    assert trending.info is not None
    assert trending.info.degraded_sources == ("REGIONAL", "TRENDING")
    category = await world.services.categories.posts(context, "film", first=5, after=None)
    assert category.info is not None
    assert category.info.degraded_sources == ("CATEGORY",)


async def test_related_posts_do_without_what_people_engaged_with(world: World) -> None:
    await fill(world)
    context = await world.request()
    world.redis.away = world.postgresql.away = True
    found = await world.services.related.page(context, "p003", first=5, after=None)
    assert len(found.items) == 5
    assert degraded(world) == {("CO_ENGAGED", "unavailable"): 1}
    unknown = await world.services.related.page(context, "elsewhere", first=5, after=None)
    assert unknown.items == ()


def following(*names: str, likes: Sequence[str] = ()) -> Interests:
    """Of somebody who followed these creators, in this order, and likes some besides."""
    profile = InterestProfile()
    for number, name in enumerate(names):
        apply(profile, Interaction(Action.FOLLOW, at=DAY + number, creator=name))
    for number, name in enumerate(likes):
        apply(profile, Interaction(Action.LIKE, at=2 * DAY, post=number, creator=name))
    return read_interests(profile, ViewerState(), 3 * DAY)


def test_all_followed_creators_are_drawn_where_they_are_few() -> None:
    names = [f"c{number:02}" for number in range(CREATORS)]
    assert sorted(creators_drawn(following(*names), now=0.0)) == names


@pytest.mark.parametrize("stride", [1, 6, 144], ids=["always", "hourly", "daily"])
@pytest.mark.parametrize("count", [13, 60, 154, 200])
def test_many_followed_creators_take_turns(count: int, stride: int) -> None:
    names = [f"c{number:03}" for number in range(count)]
    interests = following(*names)
    drawn = Counter[str]()
    turns = 10 * count
    for turn in range(turns):
        creators = creators_drawn(interests, now=turn * stride * TURN_SECONDS)
        assert len(set(creators)) == len(creators) == CREATORS
        drawn.update(creators)
    assert [drawn.pop(name) for name in names[-LATEST:]] == [turns] * LATEST
    fair = turns * (CREATORS - LATEST) / len(drawn)
    assert len(drawn) == count - LATEST
    assert all(0.9 * fair < times < 1.1 * fair for times in drawn.values())


def test_creators_who_stand_out_are_drawn_each_time() -> None:
    names = [f"c{number:03}" for number in range(100)]
    interests = following(*names, likes=["c001", "c000"])
    for turn in range(50):
        drawn = creators_drawn(interests, now=turn * TURN_SECONDS)
        assert drawn[:4] == ["c000", "c001", "c099", "c098"]


async def test_a_post_of_a_followed_creator_is_called_so_whatever_found_it(world: World) -> None:
    await fill(world)
    await world.post("theirs", author="somebody", age=1.0)
    await world.services.cache.poll()
    followed = [f"c{number:03}" for number in range(100)]
    followed.insert(0, "somebody")
    profile = liked("p003", times=30)
    profile.followed = followed
    await world.learn("me", profile)
    context = await world.request("me")
    interests = Viewpoint(context).interests
    assert "somebody" not in creators_drawn(interests, context.now)
    found = await page(world, "me")
    sources = {item.card.record.id: item.source for item in found.items}
    assert sources["theirs"] is CandidateSource.CREATOR_AFFINITY
