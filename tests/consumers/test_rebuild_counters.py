"""Counters built again beside the live ones are the same to the last byte."""

import io
from collections.abc import Mapping, Sequence

import pytest

from consumers.batches import Batch, Place, Record
from consumers.handlers.engagement import Engagement
from consumers.rebuild.counters import (
    CounterGenerations,
    CounterRebuild,
    NoLists,
    NothingToldAgain,
)
from consumers.rebuild.shown import Shown
from domain.fences import sequence
from domain.topics import ENGAGEMENT_UPDATED
from runtime.start import CannotStart
from stores import keys
from stores.event_codec import EventCodec
from stores.kafka_bounds import LogBounds
from stores.postgres_pool import PostgresPool
from stores.postgres_reactions import PostgresReactions
from stores.redis_checkpoints import RedisCheckpoints
from stores.redis_client import RedisClient
from stores.redis_counters import RedisCounters
from stores.redis_pools import RedisPoolWriter
from tests.consumers.checkpointing_world import World, history, until
from tests.consumers.log import NOON, Log
from tests.fakes.clock import FixedClock
from tests.fakes.records import MemoryPostRecords

pytestmark = pytest.mark.integration
PLACE = Place(ENGAGEMENT_UPDATED.name, 0)


class LogRecords:
    """A log as the rebuild reads it; ``meanwhile`` happens at the first poll."""

    def __init__(self, log: Log, engagement: Engagement) -> None:
        self._log = log
        self._engagement = engagement
        self._codec = EventCodec()
        self._position: int | None = None
        self.first = 0
        self.read: list[int] = []

    def rewind(self, places: Sequence[Place]) -> None:
        assert places == [PLACE]
        self._position = None

    async def poll(self, seconds: float, limit: int) -> list[Record]:
        if self._position is None:
            fences = await self._engagement.open([0])
            self._position = fences[0] + 1
        first, self._position = self._position, min(self._position + 7, len(self._log.events))
        found: list[Record] = []
        for offset in range(first, self._position):
            _, key, value, *_ = self._codec.encode(self._log.events[offset])
            found.append(
                Record(
                    PLACE, offset, sequence(0, offset), round((NOON + 500) * 1_000), 0, key, value
                )
            )
        self.read += range(first, self._position)
        return found

    async def bounds(self, topic: str, reached: Mapping[int, int]) -> Mapping[int, LogBounds]:
        return {0: LogBounds(self.first, len(self._log.events))}


class Rebuilding:
    def __init__(self, world: World, log: Log) -> None:
        prepared = RedisCounters(world.redis, keys.prepared_counters)
        engagement = Engagement(
            prepared,
            PostgresReactions(world.postgres),
            MemoryPostRecords(world.posts),
            NoLists(),
            NothingToldAgain(),
        )
        self.records = LogRecords(log, engagement)
        self.output = io.StringIO()
        self.rebuild = CounterRebuild(
            CounterGenerations(
                live=RedisCounters(world.redis),
                prepared=prepared,
                checkpoints=world.checkpoints,
                source=RedisCheckpoints(world.redis),
            ),
            engagement,
            self.records,
            self.records,
            FixedClock(NOON + 1_000.0),
            Shown(FixedClock(), self.output),
        )


@pytest.fixture
async def world(redis: RedisClient, postgres: PostgresPool) -> World:
    found = World(redis, postgres)
    await found.prepare()
    return found


async def test_from_a_checkpoint_and_the_log_behind_it_they_are_the_same(world: World) -> None:
    log = history(150)
    await world.read(until(log, 60))
    await world.due()
    await world.read(log)
    truth = await world.outcome()
    await world.redis.run([("HSET", keys.counters(0), "p1", b"damaged")])
    rebuilding = Rebuilding(world, log)
    await rebuilding.rebuild.run([0])
    assert await world.outcome() == truth
    assert rebuilding.records.read[0] == 60
    assert rebuilding.output.getvalue() == "checkpoints: 1 in 0.0 s\nlog: 90 in 0.0 s\n"
    await rebuilding.rebuild.run([0])
    assert await world.outcome() == truth


async def test_without_a_checkpoint_the_log_alone_makes_them(world: World) -> None:
    log = history(80)
    await world.read(log)
    truth = await world.outcome()
    await Rebuilding(world, log).rebuild.run([0])
    assert await world.outcome() == truth


async def test_lost_ones_come_back_as_they_were_kept_and_their_owner_goes_on(
    world: World,
) -> None:
    log = history(120)
    await world.read(log)
    truth = await world.outcome()
    await world.counters.keep_all()
    await world.redis.run([("DEL", keys.counters(0))])
    await Rebuilding(world, log).rebuild.run([0])
    assert await world.outcome() == truth


async def test_nobody_sees_anything_before_the_switch(world: World) -> None:
    log = history(100)
    await world.read(log)
    truth = await world.outcome()
    rebuilding = Rebuilding(world, log)
    seen: list[object] = []
    poll = rebuilding.records.poll

    async def watched(seconds: float, limit: int) -> list[Record]:
        seen.append(await world.outcome() == truth)
        return await poll(seconds, limit)

    rebuilding.records.poll = watched
    await rebuilding.rebuild.run([0])
    assert len(seen) > 10
    assert all(seen)


async def test_counters_that_go_on_meanwhile_lose_nothing(world: World) -> None:
    log = history(150)
    await world.read(until(log, 100))
    await world.due()
    await world.read(until(log, 110))
    rebuilding = Rebuilding(world, log)
    live = Engagement(
        world.counters,
        PostgresReactions(world.postgres),
        MemoryPostRecords(world.posts),
        RedisPoolWriter(world.redis),
        NothingToldAgain(),
    )
    await live.open([0])
    poll, moved = rebuilding.records.poll, iter(range(110, 150, 5))

    async def busy(seconds: float, limit: int) -> list[Record]:
        found = await poll(seconds, limit)
        first = next(moved, None)
        if first is not None:
            await live.apply(_batch(log, first))
        return found

    rebuilding.records.poll = busy
    await rebuilding.rebuild.run([0])
    await world.read(log)
    after = await world.outcome()
    await world.redis.run([("FLUSHALL",)])
    await world.postgres.execute("TRUNCATE reactions, counter_fences, counter_checkpoints")
    world.new_counters()
    await world.read(log)
    assert await world.outcome() == after


async def test_it_refuses_where_the_log_is_gone(world: World) -> None:
    log = history(100)
    await world.read(log)
    truth = await world.outcome()
    rebuilding = Rebuilding(world, log)
    rebuilding.records.first = 10
    with pytest.raises(CannotStart, match="partition 0 cannot be counted again"):
        await rebuilding.rebuild.run([0])
    assert await world.outcome() == truth


def _batch(log: Log, first: int) -> Batch:
    return log.batch(first, 5)
