"""`python -m demo.fill`: tells empty stores the demo world's past; filled ones it leaves alone."""

import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from typing import Final

from demo.simulation.upstream import introduction
from demo.world.reactions import past_reactions
from demo.world.world import World, make_world, past_posts
from domain.errors import Unavailable
from domain.events import EngagementUpdated, Event, UserFollowed, seconds
from domain.ports.event_publisher import EventPublisher
from importer.backlog import Backlog, ConsumersStandStill
from importer.delivery import Delivery
from importer.progress import Progress, ProgressStore, RedisProgress
from importer.readers import READERS
from importer.starting import require_engines
from runtime.clock import Clock, SystemClock
from runtime.settings import ENGINES, Settings, load_settings
from runtime.start import CannotStart, run_or_refuse
from stores.answering import NoAnswer, Question
from stores.event_codec import EventCodec
from stores.kafka_backlog import KafkaBacklog
from stores.kafka_events import KafkaEvents, KafkaWriter
from stores.postgres_categories import PostgresCategories
from stores.postgres_pool import open_pool
from stores.postgres_schema import require_migrated
from stores.redis_client import open_redis

NAME: Final = "demo-world"  # where an import has its files' digest
SECONDS: Final = 10.0  # for one call; nobody waits at a screen for it
FOLLOW_SPAN: Final = 30 * 86_400.0  # seconds before now in which people began to follow


async def fill(settings: Settings, clock: Clock) -> None:
    """Fill the stores and return when the consumers have worked in what was told."""
    async with AsyncExitStack() as stack:
        redis = open_redis(settings.redis_url, timeout=SECONDS, connections=2)
        stack.push_async_callback(redis.close)
        store = RedisProgress(redis)
        known = await store.read(NAME)
        if known is not None and known.complete:
            return
        began = clock.monotonic()
        world = make_world()
        pool = await open_pool(settings.postgres_dsn, timeout=SECONDS, size=1)
        stack.push_async_callback(pool.close)
        migrated = Question("postgresql", lambda: require_migrated(pool))
        await require_engines(settings.kafka_bootstrap, redis, clock, migrated)
        categories = PostgresCategories(pool)
        for category in world.categories:
            await categories.upsert(category)
        writer = KafkaWriter(settings.kafka_bootstrap, timeout=SECONDS, idempotent=False)
        stack.push_async_callback(writer.close)
        kafka = KafkaBacklog(settings.kafka_bootstrap, READERS)
        stack.push_async_callback(kafka.close)
        as_of = clock.now() if known is None or known.as_of is None else known.as_of
        backlog = Backlog(kafka.of_groups, clock, _say)
        told = await _tell(world, as_of, KafkaEvents(writer, EventCodec()), store, backlog, clock)
        _say(f"told the demo world's past: {told:,} events")
        await backlog.all_done()
        await store.write(NAME, Progress(as_of, told, complete=True))
        _say(f"filled the demo world in {clock.monotonic() - began:.1f} s")


async def _tell(
    world: World,
    as_of: float,
    publisher: EventPublisher,
    store: ProgressStore,
    backlog: Backlog,
    clock: Clock,
) -> int:
    """Publish the whole past; begun again, it says the same, so that nothing counts twice."""
    told = 0

    async def on_batch(_facts: int, events: int) -> None:
        nonlocal told
        told += events

    await store.write(NAME, Progress(as_of))
    delivery = Delivery(publisher, clock, rate=None, room=backlog.room, on_batch=on_batch)
    await delivery.deliver(story(world, as_of))
    return told


def story(world: World, as_of: float) -> Iterator[Sequence[Event]]:
    """The world's past up to `as_of`, epoch seconds: people, posts, follows, reactions."""
    for creator in world.creators:
        yield (introduction(creator),)
    posts = list(past_posts(world, as_of))
    for post in posts:
        yield post.post, post.judgment(post.created_at)
    for number, follow in enumerate(world.follows):
        share = number / len(world.follows)
        at = as_of - FOLLOW_SPAN * (1.0 - share)
        yield (
            UserFollowed(
                user_id=follow.follower,
                target_id=follow.target,
                active=True,
                timestamp=round(at * 1_000),
            ),
        )
    reactions: list[EngagementUpdated] = []
    for post in posts:
        reactions += past_reactions(world.seed, post, world.fans, as_of)
    reactions.sort(key=lambda reaction: seconds(reaction.timestamp))
    for reaction in reactions:
        yield (reaction,)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _main() -> None:
    settings = load_settings(os.environ, needed=ENGINES[:3])
    try:
        asyncio.run(fill(settings, SystemClock()))
    except Unavailable as away:
        raise NoAnswer([away]) from away
    except ConsumersStandStill as failure:
        raise CannotStart(str(failure), "see the logs of consumers and engines") from failure


if __name__ == "__main__":
    run_or_refuse(_main)
