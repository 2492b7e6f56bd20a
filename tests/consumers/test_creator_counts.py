"""What is counted of creators follows their posts."""

import pytest

from consumers.creator_changes import CreatorChanges
from consumers.creator_counts import CreatorCounts
from domain.errors import Unavailable
from domain.events import Decision, UserUpdated
from domain.topics import USER_UPDATED
from tests.consumers.posts_world import World, counted, judged, post
from tests.fakes.outages import Outage


async def test_creators_are_cached_and_announced() -> None:
    world = World()
    user = UserUpdated(user_id="ann", handle="Ann", display_name="Ann A.")
    await world.ingest(user, topic=USER_UPDATED.name)
    (creator,) = await world.creator_cache.get_many(["ann"])
    assert creator is not None
    assert creator.handle == "Ann"
    assert list((await world.pools.news("0")).creators) == ["ann"]


async def test_a_creators_counts_follow_what_is_on_show() -> None:
    world = World()
    await world.ingest(post("p"), post("q", "art"))
    assert await counted(world) == (2, ("art", "pets"), ["ann"])
    await world.judge(judged(), judged(post_id="q"))
    assert await counted(world) == (2, ("art", "pets"), ["ann"])
    news = (await world.pools.news("0")).position
    await world.judge(judged(Decision.REJECT, source="human:mo"))
    assert await counted(world, news) == (1, ("art",), ["ann"])
    await world.judge(judged(Decision.APPROVE, source="human:mo"))
    assert (await counted(world))[:2] == (2, ("art", "pets"))
    await world.ingest(post("q", deleted=True))
    assert (await counted(world))[:2] == (1, ("pets",))


async def test_creators_are_counted_only_where_something_changed() -> None:
    world = World()
    await world.ingest(post("p"))
    await counted(world)
    news = (await world.pools.news("0")).position
    await world.judge(judged())  # it was on the page before
    await world.ingest(post("p"))
    assert (await counted(world, news))[2] == []


async def test_counting_that_failed_is_done_again() -> None:
    outage = Outage("postgresql")
    world = World()
    changes = CreatorChanges(outage.over(world.creators), world.creator_cache, world.pools)
    world.counts = CreatorCounts(changes)
    await world.ingest(post("p"))
    outage.away = True
    with pytest.raises(Unavailable):
        await world.counts.work_off()
    outage.away = False
    assert await counted(world) == (1, ("pets",), ["ann"])
