"""A personalized first page in process: the store's round trip, ranking, session, items.

Pools are warm, the viewer's values lie in Redis, GraphQL and HTTP are left out. CPU time of the
process, which includes what is written behind the response; the control is the round trip alone.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from benchmarks._engines import engines
from domain import seen
from domain.events import Action
from domain.interests import Interaction, InterestProfile, apply
from domain.profile_packing import pack
from domain.viewer import ViewerState
from services.context import RequestContext
from services.pages import FeedItem, Page
from stores import keys
from stores.redis_client import RedisClient, open_redis
from stores.redis_viewers import RedisViewers
from stores.revisions import framed
from tests.services.world import HOUR, World

POSTS: Final = 3_000
AUTHORS: Final = 700
CATEGORIES: Final = 24
REGIONS: Final = ("DE", "FR", "BR", "US", "JP")
VIEWER: Final = "u:bench"
LIKES: Final = 150
SEEN: Final = 400
RUNS: Final = 400
BATCH: Final = 20
GOAL: Final = 1.0  # milliseconds of CPU


def main() -> None:
    with engines() as settings:
        asyncio.run(_measure(settings["EXPLORE_REDIS_URL"]))


async def _measure(url: str) -> None:
    redis = open_redis(url, timeout=1.0)
    viewers = RedisViewers(redis)
    world = await _world()
    world.services = world.restart(viewers)
    await world.start()
    await _viewer(world, redis)

    async def trip() -> RequestContext:
        reads = await viewers.begin(VIEWER, None, ())
        return RequestContext(VIEWER, reads, "request", world.clock.now())

    async def page(after: str | None = None) -> Page[FeedItem]:
        context = await trip()
        return await world.services.explore.page(context, first=20, after=after, region=None)

    async def pages() -> None:
        after: str | None = None
        for _ in range(5):
            after = (await page(after)).items[-1].cursor

    async def fresh_page() -> None:
        await page()

    first = await page()
    await world.settle()
    sources = sorted({item.source.name for item in first.items})
    print(f"{len(first.items)} items from {', '.join(sources)}")
    control = await _cpu(trip, world)
    own = await _cpu(fresh_page, world)
    session = await _cpu(pages, world, RUNS // 5)
    print(f"round trip alone      {control:6.2f} ms of CPU")
    print(f"a first page          {own:6.2f} ms of CPU, {own / control:.1f} times, goal {GOAL} ms")
    print(
        f"a session of 5 pages  {session:6.2f} ms of CPU, {(session - own) / 4:.2f} a later page"
    )
    await redis.close()


async def _cpu(step: Callable[[], Awaitable[object]], world: World, runs: int = RUNS) -> float:
    """Milliseconds of CPU a call, the least of batches, so that writes behind it are in."""
    least = float("inf")
    for _ in range(0, runs, BATCH):
        started = time.process_time()
        for _ in range(BATCH):
            await step()
        await world.settle()
        least = min(least, (time.process_time() - started) / BATCH)
    return 1_000.0 * least


async def _world() -> World:
    """Posts of all ages that trend more or less, in their lists."""
    world = World()
    for number in range(CATEGORIES):
        await world.category(f"topic-{number}")
    for author in range(AUTHORS):
        await world.creator(f"a:{author}", f"author{author}")
    for number in range(POSTS):
        rising = 400.0 / (1 + number % 997)
        await world.post(
            f"p:{number}",
            author=f"a:{number * 7919 % AUTHORS}",
            category=f"topic-{number * 31 % CATEGORIES}",
            tags=[f"tag{number % 211}", f"tag{number % 89}"],
            age=HOUR * (number * 17 % 144 + 1) / 3,
            region=REGIONS[number % len(REGIONS)],
            rising={"": rising, REGIONS[number % len(REGIONS)]: rising},
        )
    return world


async def _viewer(world: World, redis: RedisClient) -> None:
    now = world.clock.now()
    profile = InterestProfile()
    for number in range(LIKES):
        liked = Interaction(
            action=Action.LIKE,
            at=now - HOUR * (LIKES - number) / 6,
            post=number,
            topics=(f"topic-{number * number % 7}",),
            creator=f"a:{number * 13 % 40}",
            hashtags=(f"tag{number % 30}",),
        )
        apply(profile, liked)
    state = ViewerState(version=1)
    packed = seen.add(b"", [f"p:{number * 7}" for number in range(SEEN)], now)
    await redis.run(
        [
            ("SET", keys.profile(VIEWER), framed(1, pack(profile))),
            ("SET", keys.state(VIEWER), framed(1, msgspec.msgpack.encode(state))),
            ("SET", keys.seen(VIEWER), packed),
        ]
    )
