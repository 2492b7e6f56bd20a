"""What is derived by the clock: rising creators, snapshots, the static list, lost lists."""

from pathlib import Path

import pytest

from consumers.alone import Alone
from consumers.creator_changes import CreatorChanges
from consumers.materializing import STATIC_LIFE, FreshLists, Materializing
from consumers.retention import Retention
from consumers.rising_creators import RisingCreators
from domain.events import Action, Decision
from domain.ports.hashtags import HashtagUse
from domain.ports.interactions import InteractionRow
from domain.ports.pools import PoolWrite
from domain.trending import HALF_LIFE, Window, current_score, pool_score
from stores.redis_client import RedisClient
from stores.redis_leases import RedisLeases
from stores.static_lists import StaticListFile
from tests.consumers.log import NOON
from tests.contracts.events import ingestion, moderation
from tests.fakes.clock import FixedClock
from tests.fakes.creators import MemoryCreators
from tests.fakes.hashtags import MemoryHashtags
from tests.fakes.interactions import MemoryInteractions
from tests.fakes.pools import MemoryPools
from tests.fakes.posts import MemoryPosts
from tests.fakes.records import MemoryCreatorRecords, MemoryPostRecords
from tests.fakes.snapshots import MemorySnapshots

DAY = 86_400.0
TREND = "trending:WEEK:global"
WEEK = HALF_LIFE[Window.WEEK]


class World:
    def __init__(self, path: Path = Path("unused")) -> None:
        self.clock = FixedClock(NOON)
        self.posts = MemoryPosts()
        self.pools = MemoryPools()
        self.records = MemoryPostRecords(self.posts)
        self.snapshots = MemorySnapshots(self.posts)
        self.static = StaticListFile(path)
        creators = MemoryCreators(self.posts)
        changes = CreatorChanges(creators, MemoryCreatorRecords(creators), self.pools)
        self.rising = RisingCreators(self.pools, self.pools, self.records, changes, self.clock)
        self.materializing = Materializing(
            self.pools, self.records, self.snapshots, self.static, self.clock
        )

    async def trend(self, post_id: str, author: str, value: float, slug: str = "pets") -> None:
        """A recommendable post whose decayed engagement of a week is ``value`` now."""
        told = ingestion(post_id, author_id=author, categories={slug: 0.9})
        await self.posts.ingest([told])
        await self.posts.moderate([moderation(post_id, spam_score=0.1)])
        score = pool_score(value, NOON, WEEK)
        await self.pools.write([PoolWrite(TREND, {post_id: score})])


async def test_creators_rise_by_their_best_posts_in_each_category() -> None:
    world = World()
    for number in range(6):
        await world.trend(f"many-{number}", "ann", 2.0)
    await world.trend("one", "bob", 7.0, "art")
    await world.rising.derive()
    everywhere = world.pools.members["creators:all"]
    values = {who: current_score(score, NOON, WEEK) for who, score in everywhere.items()}
    assert values == {"ann": pytest.approx(6.0, rel=1e-5), "bob": pytest.approx(7.0, rel=1e-5)}
    assert set(world.pools.members["creators:pets"]) == {"ann"}
    assert set(world.pools.members["creators:art"]) == {"bob"}
    assert list((await world.pools.news("0")).creators) == ["bob", "ann"]


async def test_nothing_new_moves_no_list_and_a_category_that_ended_is_emptied() -> None:
    world = World()
    await world.trend("one", "ann", 7.0, "art")
    await world.rising.derive()
    before = dict((await world.pools.news("")).versions)
    world.clock.advance(3_600.0)
    await world.rising.derive()
    assert (await world.pools.news("")).versions == before
    await world.posts.moderate([moderation("one", 9.0, spam_score=0.99)])
    await world.records.remove(["one"])
    await world.rising.derive()
    assert world.pools.members["creators:art"] == {}
    assert world.pools.members["creators:all"] == {}


async def test_snapshots_hold_what_a_fallback_page_needs() -> None:
    world = World()
    await world.trend("a", "ann", 5.0)
    await world.trend("b", "bob", 9.0)
    await world.trend("bad", "eve", 99.0)
    await world.posts.moderate([moderation("bad", 1.0, spam_score=0.99)])
    await world.materializing.snapshot()
    missing, found = await world.snapshots.read(["fresh:all", TREND])
    assert missing is None
    assert found is not None
    assert [record.id for record in found.records] == ["b", "a"]
    assert found.computed_at == NOON
    assert len(found.scores) == 2


async def test_the_static_file_is_written_at_once_and_then_now_and_then(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "lists.msgpack"
    world = World(path)
    assert world.static.read() == []
    await world.materializing.write_static()
    assert not path.exists()
    await world.trend("a", "ann", 5.0)
    await world.materializing.write_static()
    (first,) = world.static.read()
    assert (first.name, [record.id for record in first.records]) == (TREND, ["a"])
    await world.trend("b", "ann", 6.0)
    await world.materializing.write_static()
    assert len(world.static.read()[0].records) == 1
    world.clock.advance(STATIC_LIFE + 1)
    await world.materializing.write_static()
    assert [record.id for record in world.static.read()[0].records] == ["b", "a"]
    assert [one.name for one in path.parent.iterdir()] == [path.name]


async def test_what_was_withdrawn_leaves_the_static_file_with_the_next_look(
    tmp_path: Path,
) -> None:
    world = World(tmp_path / "lists.msgpack")
    for name in ("a", "b", "c"):
        await world.trend(name, "ann", 5.0)
    await world.materializing.write_static()

    async def written() -> set[str]:
        await world.materializing.write_static()
        return {record.id for record in world.static.read()[0].records}

    await world.trend("late", "ann", 9.0)
    await world.pools.announce(posts=["a", "late"])  # nothing that lists may do has changed
    assert await written() == {"a", "b", "c"}
    await world.posts.moderate([moderation("a", 1.0, decision=Decision.REJECT)])
    await world.records.remove(["a"])
    await world.pools.announce(posts=["a"])
    assert await written() == {"b", "c", "late"}
    await world.posts.moderate([moderation("b", 2.0, nsfw_score=0.9)])
    await world.records.remove(["b"])
    assert await written() == {"b", "c", "late"}  # not announced yet
    await world.pools.announce(posts=["b"])
    await world.materializing.write_static()
    (records,) = [one.records for one in world.static.read()]
    assert [record.sensitive for record in records if record.id == "b"] == [True]


async def test_a_torn_static_file_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "lists.msgpack"
    path.write_bytes(b"\x91torn")
    assert StaticListFile(path).read() == []


async def test_fresh_lists_that_were_lost_are_filled_from_the_projection() -> None:
    world = World()
    await world.trend("a", "ann", 5.0)
    fresh = FreshLists(world.pools, world.pools, world.posts)
    await fresh.fill_if_empty()
    for name in ("fresh:all", "fresh:pets", "author:ann"):
        assert world.pools.members[name] == {"a": NOON}
    await world.trend("b", "bob", 5.0)
    await fresh.fill_if_empty()
    assert set(world.pools.members["fresh:all"]) == {"a"}


async def test_what_nothing_reads_any_more_is_forgotten() -> None:
    clock, posts = FixedClock(NOON), MemoryPosts()
    interactions, hashtags = MemoryInteractions(), MemoryHashtags(posts)
    ages = (1.0, 89.0, 92.0)
    await interactions.insert(
        [
            InteractionRow(0, number, NOON - age * DAY, "u", Action.VIEW, "p", None, None, False)
            for number, age in enumerate(ages)
        ]
    )
    for number, age in enumerate((1.0, 40.0)):
        author, post_id = f"u{number}", f"p{number}"
        await posts.ingest([ingestion(post_id, author_id=author, tags=["cats"])])
        await posts.moderate([moderation(post_id, spam_score=0.1)])
        await hashtags.use([HashtagUse("cats", author, post_id, NOON - age * DAY, None)])
    await Retention(interactions, hashtags, clock).keep()
    assert [row.sequence for row in interactions.rows] == [0, 1]
    (count,) = await hashtags.counts(
        since=0.0, until=NOON, baseline=0.0, region=None, least_people=1
    )
    assert count.people == 1


@pytest.mark.integration
async def test_of_many_processes_one_works_until_it_is_gone(redis: RedisClient) -> None:
    leases, done = RedisLeases(redis), list[str]()

    async def work() -> None:
        done.append("work")

    first = Alone(leases, "a").doing("job", 60.0, work)
    second = Alone(leases, "b").doing("job", 60.0, work)
    await first()
    await second()
    await first()
    assert len(done) == 2
    await leases.give_back("job", "b")
    await second()
    assert len(done) == 2
    await leases.give_back("job", "a")
    await second()
    assert len(done) == 3
