"""Bytes of Redis for a post that trends nowhere, for one in four lists, and for a busy viewer.

Each is the growth of the server's memory over many of them, keys and overhead included. The
control keeps the same facts as most do: counters as a hash per post, what was seen as a set.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from random import Random
from typing import Final

from benchmarks._engines import engines
from benchmarks.engagement import opened
from consumers.batches import Place, Received
from consumers.profile_folding import Done, fold_profile, fold_seen
from consumers.resources import Resources
from consumers.trending_lists import place, writes
from domain import pools
from domain.engagement import EngagementState, contribution_of_person, fold
from domain.events import Action, EngagementType, UserInteraction
from domain.interests import InterestProfile
from domain.ports.counters import CounterBatch
from domain.ports.pools import PoolWrite
from domain.posts import PostRecord
from domain.topics import USER_INTERACTION
from domain.viewer import ViewerState
from stores.redis_counters import RedisCounters
from stores.redis_profiles import RedisProfiles, RedisSeen
from stores.redis_protocol import as_bytes
from tests.contracts.events import NOON, ingestion, moderation
from tests.fakes.posts import MemoryPosts

POSTS: Final = 5_000
VIEWERS: Final = 500
SEEN: Final = 700
DAYS: Final = 7
PARTITIONS: Final = 16
TEXT: Final = "Some two hundred letters of text, as people write them about what they saw. " * 3
KILOBYTE: Final = 1_024


async def used(resources: Resources) -> int:
    """Bytes that the server uses now."""
    (reply,) = await resources.redis.run([("INFO", "memory")])
    for line in (as_bytes(reply) or b"").splitlines():
        if line.startswith(b"used_memory:"):
            return int(line.partition(b":")[2])
    raise SystemExit("the server does not tell used_memory")


async def growth(resources: Resources, work: Callable[[], Awaitable[None]], count: int) -> float:
    """Bytes for each of so many."""
    before = await used(resources)
    await work()
    return (await used(resources) - before) / count


async def posts(prefix: str, count: int) -> Sequence[PostRecord]:
    told = MemoryPosts()
    ids = [f"{prefix}:{number}" for number in range(count)]
    for number, post_id in enumerate(ids):
        one = ingestion(
            post_id,
            author_id=f"author:{number % 500}",
            content=TEXT,
            tags=[f"tag{number % 40}", f"other{number % 30}"],
            categories={f"topic{number % 12}": 0.9},
            region="DE",
        )
        await told.ingest([one])
        await told.moderate([moderation(post_id, spam_score=0.1, nsfw_score=0.0)])
    return [record for record in await told.get_many(ids) if record is not None]


async def put_posts(resources: Resources, records: Sequence[PostRecord], people: int) -> None:
    """Record, author's list, counters of so many people; whatever lists that leads into."""
    await resources.post_records.put_many(records)
    states: dict[str, EngagementState] = {}
    lists: list[PoolWrite] = []
    for record in records:
        lists.append(PoolWrite(pools.by_author(record.author_id), {record.id: record.created_at}))
        state = states[record.id] = EngagementState(views=40, likes=2)
        for person in range(people):
            fold(state, contribution_of_person(EngagementType.LIKE, 1, 1, NOON, person, "DE"))
        # Of the lists that it may be in, the four of one window.
        kept = {scope: bits & 1 for scope, bits in _scopes(state, record).items()}
        state.scopes = dict(list(kept.items())[:4])
    await resources.pool_writer.write(lists + writes(states, {}))
    for partition in range(PARTITIONS):
        own = {one: states[one] for one in list(states)[partition::PARTITIONS]}
        counters = RedisCounters(resources.redis)
        (state,) = await counters.open([partition])
        await counters.save([CounterBatch(partition, state.fence, state.fence + 1, own)])


def _scopes(state: EngagementState, record: PostRecord) -> Mapping[str, int]:
    place(state, record)
    return state.scopes


async def put_viewers(resources: Resources, records: Sequence[PostRecord]) -> None:
    """Full profiles, and what was seen in a week."""
    by_id = {record.id: record for record in records}
    profiles: dict[str, InterestProfile] = {}
    seen: dict[str, bytes] = {}
    for number in range(VIEWERS):
        random, viewer = Random(number), f"viewer:{number}"
        done = [_done(viewer, random.choice(records).id, place_, random) for place_ in range(SEEN)]
        profiles[viewer] = fold_profile(InterestProfile(fence=-1), ViewerState(), done, by_id)
        seen[viewer] = fold_seen(b"", done)
    await RedisProfiles(resources.redis).put(profiles)
    await RedisSeen(resources.redis).put(seen, loaded={})


def _done(viewer: str, post_id: str, number: int, random: Random) -> Done:
    at = NOON + number * DAYS * 86_400.0 / SEEN
    event = UserInteraction(
        event_id=f"{viewer}:{number}",
        user_id=viewer,
        action=random.choice([Action.VIEW, Action.VIEW, Action.LIKE, Action.SAVE]),
        timestamp=at * 1_000,
        post_id=post_id,
    )
    return Done(Received(Place(USER_INTERACTION.name, 0), number, at, event), event)


async def naive_posts(resources: Resources) -> None:
    kinds = ("likes", "comments", "reposts", "shares", "saves", "views", "score", "updated")
    for number in range(POSTS):
        fields = [item for kind in kinds for item in (kind, 2)]
        record = ("SET", f"naive:post:{number}", TEXT)
        await resources.redis.run([("HSET", f"naive:counters:{number}", *fields), record])


async def naive_viewers(resources: Resources) -> None:
    for number in range(VIEWERS):
        ids = [f"post:{number * SEEN + at}" for at in range(SEEN)]
        await resources.redis.run([("SADD", f"naive:seen:{number}", *ids)])


async def run(settings: Mapping[str, str]) -> None:
    resources = await opened(settings)
    quiet, trending = await posts("quiet", POSTS), await posts("rising", POSTS)
    for name, goal, count, work in (
        ("a post that trends nowhere", 1, POSTS, lambda: put_posts(resources, quiet, 0)),
        ("a post in four lists", 2, POSTS, lambda: put_posts(resources, trending, 3)),
        ("a viewer, 700 seen", 4, VIEWERS, lambda: put_viewers(resources, quiet)),
        ("control: a post", None, POSTS, lambda: naive_posts(resources)),
        ("control: seen alone", None, VIEWERS, lambda: naive_viewers(resources)),
    ):
        size = await growth(resources, work, count)
        shown = f"goal {goal * KILOBYTE:5,}" if goal else ""
        print(f"{name:28} {size:8,.0f} bytes  {shown}")
    await resources.close()


def main() -> None:
    with engines() as settings:
        asyncio.run(run(settings))
