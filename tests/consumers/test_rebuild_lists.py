"""Lists, profiles and the search index made again are those that were kept all along."""

import io
from collections.abc import Callable

import msgspec
import pytest
from msgspec.structs import replace

from consumers.creator_changes import CreatorChanges
from consumers.creator_counts import CreatorCounts
from consumers.handlers.engagement import Engagement
from consumers.post_changes import PostChanges
from consumers.rebuild.command import PARTS, parts_of
from consumers.rebuild.pools import PoolRebuild
from consumers.rebuild.profiles import ProfileRebuild
from consumers.rebuild.search_index import IndexRebuild
from consumers.rebuild.shown import Shown
from domain.events import EngagementUpdated
from domain.interests import InterestProfile
from domain.ports.pools import PoolWrite
from domain.ports.search import SearchQuery
from stores import keys
from stores.opensearch_client import OpenSearchClient
from stores.opensearch_generations import OpenSearchGenerations
from stores.opensearch_index import OpenSearchIndex
from stores.opensearch_search import OpenSearchSearch
from stores.postgres_author_posts import PostgresAuthorPosts
from stores.postgres_categories import PostgresCategories
from stores.postgres_creators import PostgresCreators
from stores.postgres_hashtags import PostgresHashtags
from stores.postgres_pool import PostgresPool
from stores.postgres_posts import PostgresPosts
from stores.postgres_profiles import PostgresProfiles
from stores.postgres_reactions import PostgresReactions
from stores.redis_checkpoints import RedisCheckpoints
from stores.redis_client import RedisClient
from stores.redis_counters import RedisCounters
from stores.redis_pools import RedisPools, RedisPoolWriter
from stores.redis_profiles import RedisProfiles
from stores.redis_protocol import as_bytes, as_int, as_list
from stores.redis_records import RedisCreatorRecords, RedisPostRecords
from tests.consumers.checkpointing_world import POSTS, history
from tests.consumers.log import NOON, consume
from tests.contracts.events import ingestion, moderation
from tests.engines_fixture import Engines
from tests.fakes.clock import FixedClock
from tests.fakes.publisher import MemoryPublisher

pytestmark = pytest.mark.integration


class World:
    def __init__(self, redis: RedisClient, postgres: PostgresPool) -> None:
        self.redis, self.postgres = redis, postgres
        self.posts = PostgresPosts(postgres)
        self.writer = RedisPoolWriter(redis)
        self.told = MemoryPublisher()
        self.clock = FixedClock(NOON)
        self.output = io.StringIO()

    async def prepare(self) -> None:
        for number, post_id in enumerate([*POSTS, "bad", "unjudged"]):
            told = ingestion(
                post_id,
                float(number),
                author_id=f"author{number % 3}",
                tags=["cats"],
                categories={"pets": 0.9},
                region="DE",
            )
            await self.posts.ingest([told])
            if post_id != "unjudged":
                score = 0.99 if post_id == "bad" else 0.1
                await self.posts.moderate([moderation(post_id, spam_score=score, nsfw_score=0.0)])
        cache = RedisPostRecords(self.redis, self.posts)
        creators = PostgresCreators(self.postgres)
        counts = CreatorCounts(
            CreatorChanges(creators, RedisCreatorRecords(self.redis, creators), self.writer)
        )
        changes = PostChanges(
            self.posts, cache, self.writer, MemoryPublisher(), counts, self.clock
        )
        await changes.follow([*POSTS, "bad", "unjudged"])
        engagement = Engagement(
            RedisCounters(self.redis),
            PostgresReactions(self.postgres),
            cache,
            self.writer,
            MemoryPublisher(),
        )
        await consume(engagement, history(150), 20)

    def rebuild(self) -> PoolRebuild:
        return PoolRebuild(
            source=RedisCheckpoints(self.redis),
            reader=RedisPools(self.redis),
            writer=self.writer,
            posts=self.posts,
            authors=PostgresAuthorPosts(self.postgres),
            categories=PostgresCategories(self.postgres),
            publisher=self.told,
            clock=self.clock,
            shown=Shown(self.clock, self.output),
        )

    async def lists(self) -> dict[str, list[object]]:
        """All lists with members, scores and whether they end by themselves."""
        found: dict[str, list[object]] = {}
        for prefix in ("trending", "fresh", "author"):
            (names,) = await self.redis.run([("KEYS", f"explore:{prefix}:*")])
            for name in sorted(as_bytes(one) or b"" for one in as_list(names)):
                members, life = await self.redis.run(
                    [("ZRANGE", name, 0, -1, "WITHSCORES"), ("TTL", name)]
                )
                found[name.decode()] = [as_list(members), as_int(life) > 0]
        return found


@pytest.fixture
async def world(redis: RedisClient, postgres_of_worker: PostgresPool) -> World:
    found = World(redis, postgres_of_worker)
    await found.prepare()
    return found


async def test_lists_made_again_are_those_that_were_kept(world: World) -> None:
    truth = await world.lists()
    assert {"explore:trending:HOUR:global", "explore:fresh:pets", "explore:author:author0"} < set(
        truth
    )
    lost = [("DEL", name) for name in list(truth)[::2]]
    await world.redis.run(lost)
    await world.writer.write([PoolWrite("trending:HOUR:global", {"never was": 1e9})])
    await world.writer.write([PoolWrite("trending:HOUR:region:XX", {"p0": 1.0})])
    await world.rebuild().run([0])
    assert await world.lists() == truth
    assert world.told.events == []
    assert world.output.getvalue().startswith("counters: 1 in 0.0 s\ntrending lists: ")


async def test_what_moved_meanwhile_is_looked_at_again(world: World) -> None:
    rebuild = world.rebuild()
    replaced = world.writer.replace_many

    async def while_it_moves(lists: dict[str, dict[str, float]]) -> None:
        if "trending:HOUR:global" in lists:
            counters = RedisCounters(world.redis)
            state = (await counters.load({0: ["p1"]}))["p1"]
            state.likes += 1
            packed = msgspec.msgpack.encode(state)
            await world.redis.run([("HSET", keys.counters(0), "p1", packed)])
        await replaced(lists)

    world.writer.replace_many = while_it_moves  # pyright: ignore[reportAttributeAccessIssue] - the test's own
    await rebuild.run([0])
    (event,) = world.told.events
    assert isinstance(event, EngagementUpdated)
    assert (event.post_id, event.delta) == ("p1", 0)


async def test_profiles_come_back_and_newer_ones_stay(world: World) -> None:
    durable, live = PostgresProfiles(world.postgres), RedisProfiles(world.redis)
    viewers = [f"v{number:04}" for number in range(2_100)]
    kept = {viewer: InterestProfile(fence=5, at=NOON, last_active=NOON) for viewer in viewers}
    await durable.write_many(kept)
    newer = InterestProfile(fence=9, at=NOON, last_active=NOON + 1.0)
    await live.put({"v0007": newer})
    await ProfileRebuild(durable, live, Shown(world.clock, world.output)).run()
    assert await live.load(viewers) == {**kept, "v0007": newer}


async def test_a_new_generation_of_the_index_takes_the_place_of_the_old_one(
    world: World, engines: Engines, unique: Callable[[str], str]
) -> None:
    client, prefix = OpenSearchClient(engines.opensearch_url, timeout=10.0), unique("explore")
    live, search = (
        OpenSearchIndex(client, prefix=prefix),
        OpenSearchSearch(client, lambda: NOON, prefix=prefix),
    )
    await live.ensure()
    (kept,) = await world.posts.get_many(["p0"])
    assert kept is not None
    gone = replace(kept, id="gone")
    await live.index_posts([gone])
    await live.refresh()

    async def found() -> set[str]:
        hits = await search.posts(SearchQuery(text=kept.text, limit=50))
        return {hit.id for hit in hits.hits}

    assert await found() == {"gone"}
    before = await client.indices_of(f"{prefix}-posts")
    for stamp in ("1", "2"):
        rebuild = IndexRebuild(
            generations=OpenSearchGenerations(client, stamp, prefix=prefix),
            live=live,
            posts=world.posts,
            creators=PostgresCreators(world.postgres),
            hashtags=PostgresHashtags(world.postgres),
            capacity=None,
            shown=Shown(world.clock, world.output),
        )
        await rebuild.run()
        assert await found() == set(POSTS)
    after = await client.indices_of(f"{prefix}-posts")
    assert len(before) == len(after) == 1
    assert after == [f"{prefix}-posts-v1-2"]
    assert await client.indices_of(f"{prefix}-next-posts") == []
    await client.close()


def test_parts_are_made_in_their_order_and_none_means_all() -> None:
    assert parts_of([]) == PARTS
    assert parts_of(["--all", "--index"]) == PARTS
    assert parts_of(["--pools", "--counters"]) == ["counters", "pools"]
