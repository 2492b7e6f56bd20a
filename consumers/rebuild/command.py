"""``python -m consumers rebuild``: what Redis and OpenSearch hold, made again beside itself."""

import argparse
import asyncio
import signal
from collections.abc import Callable, Coroutine, Generator, Mapping, Sequence
from contextlib import contextmanager
from secrets import token_hex
from typing import Any, Final

from consumers.erased_people import ErasedPeople
from consumers.forgetful import Forgetful
from consumers.handlers.engagement import Engagement
from consumers.kafka import KafkaRecords
from consumers.marks import RedisMarks
from consumers.membership import Subscription
from consumers.rebuild.counters import (
    CounterGenerations,
    CounterRebuild,
    NoLists,
    NothingToldAgain,
)
from consumers.rebuild.pools import PoolRebuild
from consumers.rebuild.profiles import ProfileRebuild
from consumers.rebuild.search_index import IndexRebuild
from consumers.rebuild.shown import Shown
from consumers.resources import Resources
from consumers.starting import known_partitions
from domain.errors import Unavailable
from domain.topics import ENGAGEMENT_UPDATED
from runtime.background import Background
from runtime.clock import SystemClock
from runtime.metrics import Metrics
from runtime.settings import Membership, Settings
from runtime.start import CannotStart
from stores import keys
from stores.answering import NoAnswer
from stores.kafka_log_reach import KafkaLogReach
from stores.opensearch_generations import OpenSearchGenerations
from stores.opensearch_index import OpenSearchIndex
from stores.postgres_author_posts import PostgresAuthorPosts
from stores.postgres_categories import PostgresCategories
from stores.postgres_checkpoints import PostgresCheckpoints
from stores.postgres_erasures import PostgresErasures
from stores.postgres_hashtags import PostgresHashtags
from stores.postgres_profiles import PostgresProfiles
from stores.postgres_reactions import PostgresReactions
from stores.redis_checkpoints import RedisCheckpoints
from stores.redis_counters import RedisCounters
from stores.redis_leases import RedisLeases
from stores.redis_log import RedisLog
from stores.redis_profiles import RedisProfiles

NAME: Final = "rebuild"
PARTS: Final = ("counters", "pools", "profiles", "index")  # in this order
LEASE: Final = 30.0  # seconds; taken again while a rebuild runs
RENEWAL: Final = 10.0
SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


def parts_of(arguments: Sequence[str]) -> Sequence[str]:
    """The parts that a command line names, in the order in which they are made; none: all."""
    parser = argparse.ArgumentParser(
        prog=f"python -m consumers {NAME}",
        description="Make again what Redis and OpenSearch hold, from PostgreSQL and the log. "
        "Meanwhile the service goes on reading what there is. Safe to stop and to start again.",
        epilog="Exit status: 0 made, 2 cannot be made; the reason is on standard error.",
    )
    parser.add_argument("--all", action="store_true", help="all parts, as if none were named")
    for part, what in (
        ("counters", "likes, views and trends of posts, from checkpoints and the log behind them"),
        ("pools", "lists of posts, from counters and PostgreSQL"),
        ("profiles", "what was learned about viewers, where Redis lost it"),
        ("index", "the search index, as a new generation"),
    ):
        parser.add_argument(f"--{part}", action="store_true", help=what)
    given = vars(parser.parse_args(arguments))
    named = [part for part in PARTS if given[part]]
    return PARTS if given["all"] or not named else named


async def rebuild(settings: Settings, parts: Sequence[str]) -> None:
    """Make these parts.

    Raises:
        CannotStart: an engine does not answer, another rebuild runs, or the log is gone.

    """
    resources = await Resources.open(settings, SystemClock(), Metrics.create())
    try:
        with _cancelled_by_signals():
            await _make(resources, parts)
    except Unavailable as away:
        raise NoAnswer([away]) from None
    except asyncio.CancelledError:
        raise CannotStart("stopped before the end", "start again") from None
    finally:
        await resources.close()


@contextmanager
def _cancelled_by_signals() -> Generator[None]:
    loop, current = asyncio.get_running_loop(), asyncio.current_task()
    for number in SIGNALS:
        loop.add_signal_handler(number, lambda: current and current.cancel())
    try:
        yield
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)


async def _make(resources: Resources, parts: Sequence[str]) -> None:
    background, leases, holder = Background(), RedisLeases(resources.redis), token_hex(8)
    try:
        counts = await known_partitions(resources, asyncio.Event())
        if not await leases.take(NAME, holder, LEASE):
            raise CannotStart("another rebuild runs", "wait until it ends")
        background.repeat("lease", RENEWAL, lambda: leases.take(NAME, holder, LEASE))
        made = works(resources, counts, Shown(resources.clock))
        for part in parts:
            await made[part]()
        await leases.give_back(NAME, holder)
    finally:
        await background.close()


def works(
    resources: Resources, counts: Mapping[str, int], shown: Shown
) -> Mapping[str, Callable[[], Coroutine[Any, Any, None]]]:
    """What makes each part."""
    partitions = range(counts[ENGAGEMENT_UPDATED.name])
    source = RedisCheckpoints(resources.redis)

    async def counters() -> None:
        await _count_again(resources, source, partitions, shown)

    async def pools() -> None:
        await PoolRebuild(
            source=source,
            reader=resources.pools,
            writer=resources.pool_writer,
            posts=resources.posts,
            authors=PostgresAuthorPosts(resources.postgres),
            categories=PostgresCategories(resources.postgres),
            publisher=resources.events,
            clock=resources.clock,
            shown=shown,
        ).run(partitions)

    async def profiles() -> None:
        durable, live = PostgresProfiles(resources.postgres), RedisProfiles(resources.redis)
        await ProfileRebuild(durable, live, shown).run()

    async def index() -> None:
        capacity = resources.settings.search_capacity or None
        client = resources.opensearch
        stamp = str(round(resources.clock.now() * 1_000))
        await IndexRebuild(
            generations=OpenSearchGenerations(client, stamp, capacity=capacity),
            live=OpenSearchIndex(client, capacity=capacity),
            posts=resources.posts,
            creators=resources.creators,
            hashtags=PostgresHashtags(resources.postgres),
            capacity=capacity,
            shown=shown,
        ).run()

    return dict(zip(PARTS, (counters, pools, profiles, index), strict=True))


async def _count_again(
    resources: Resources, source: RedisCheckpoints, partitions: Sequence[int], shown: Shown
) -> None:
    prepared = RedisCounters(resources.redis, keys.prepared_counters)
    engagement = Engagement(
        prepared,
        PostgresReactions(resources.postgres),
        resources.post_records,
        NoLists(),
        NothingToldAgain(),
    )
    erased = ErasedPeople(PostgresErasures(resources.postgres), resources.clock)
    subscription = Subscription(
        group=f"explore-{NAME}",
        member=NAME,
        partitions={ENGAGEMENT_UPDATED.name: len(partitions)},
        membership=Membership.SOLE,
    )
    bootstrap = resources.settings.kafka_bootstrap
    records = KafkaRecords(
        bootstrap, subscription, RedisMarks(RedisLog(resources.redis)), engagement
    )
    await records.start()
    try:
        await CounterRebuild(
            CounterGenerations(
                live=RedisCounters(resources.redis),
                prepared=prepared,
                checkpoints=PostgresCheckpoints(resources.postgres),
                source=source,
            ),
            Forgetful(engagement, erased),
            records,
            KafkaLogReach(bootstrap),
            resources.clock,
            shown,
        ).run(partitions)
    finally:
        await records.stop()
