"""``engagement`` loses its partitions to another process, whatever it is doing."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from typing_extensions import override

from consumers.batches import FenceMoved
from domain.events import EngagementType, EngagementUpdated, Event, PostViral
from domain.ports.counters import CounterBatch
from domain.ports.pools import PoolWrite, PoolWriter
from domain.topics import ENGAGEMENT_UPDATED
from tests.consumers.engagement_world import LISTS, SIZE, history, in_memory, undisturbed
from tests.consumers.log import NOON, Log, consume
from tests.consumers.mortality import Fate


async def test_a_zombie_writes_nothing_and_its_successor_everything() -> None:
    log = history(13)
    truth, _ = await undisturbed(log)
    world = await in_memory()
    zombie, successor = world.handler(Fate()), world.handler(Fate())
    await zombie.open([0])
    await zombie.apply(log.batch(0, 20))
    await consume(successor, log, SIZE)
    await consume(zombie, log, SIZE)  # it opens the partition anew, for its fence moved
    assert await world.outcome() == await truth.outcome()


async def test_partitions_may_be_taken_away_while_it_tells_what_went_viral() -> None:
    log, truth, world = history(3), await in_memory(), await in_memory()
    await consume(truth.handler(Fate()), log, SIZE)
    handler = world.handler(Fate())
    told = world.publisher.publish

    async def taken_away(events: Sequence[Event]) -> None:
        await told(events)
        if any(isinstance(event, PostViral) for event in events):
            handler.release()

    world.publisher.publish = taken_away
    await handler.open([0])
    await handler.apply(log.batch(0, SIZE))
    assert world.publisher.tellings == 1
    world.publisher.publish = told
    await consume(handler, log, SIZE)
    assert await world.outcome() == await truth.outcome()


async def test_partitions_may_be_taken_away_while_it_saves() -> None:
    log, world = history(3), await in_memory()
    handler = world.handler(Fate())
    save = world.counters.save

    async def taken_away(batches: Sequence[CounterBatch]) -> Sequence[bool]:
        handler.release()
        return await save(batches)

    world.counters.save = taken_away
    await handler.open([0])
    with pytest.raises(FenceMoved):
        await handler.apply(log.batch(0, SIZE))


class Held(PoolWriter):
    """Takes its time with the first write."""

    def __init__(self, pools: PoolWriter) -> None:
        self._pools = pools
        self.reached = asyncio.Event()
        self.going_on = asyncio.Event()

    async def has_begun(self) -> None:
        async with asyncio.timeout(10):
            await self.reached.wait()
        self.reached.clear()

    @override
    async def write(self, writes: Sequence[PoolWrite]) -> None:
        self.reached.set()
        await self.going_on.wait()
        await self._pools.write(writes)

    @override
    async def replace(self, name: str, members: Mapping[str, float]) -> None:
        await self._pools.replace(name, members)

    @override
    async def trim(self, name: str, keep: int) -> None:
        await self._pools.trim(name, keep)

    @override
    async def announce(self, *, posts: Sequence[str] = (), creators: Sequence[str] = ()) -> None:
        await self._pools.announce(posts=posts, creators=creators)


@pytest.mark.parametrize("seed", [0, 1, 3])
@pytest.mark.parametrize("opening", [False, True])
async def test_who_was_overtaken_takes_nothing_back_of_the_lists(
    seed: int, *, opening: bool
) -> None:
    truth, shared, log = await in_memory(), await in_memory(), history(seed, 120)
    await consume(truth.handler(Fate()), log, SIZE)
    held = Held(shared.pool_writer)
    overtaken = replace(shared, pool_writer=held).handler(Fate())
    await overtaken.open([0])
    applying = asyncio.ensure_future(overtaken.apply(log.batch(0, SIZE)))
    await held.has_begun()
    if opening:  # it died behind its save; who takes over is frozen while doing the rest
        applying.cancel()
        applying = asyncio.ensure_future(
            replace(shared, pool_writer=held).handler(Fate()).open([0])
        )
        await held.has_begun()
    await consume(shared.handler(Fate()), log, SIZE)
    held.going_on.set()
    await applying
    assert await shared.outcome() == await truth.outcome()


async def test_a_list_that_a_post_left_meanwhile_does_not_get_it_back() -> None:
    shared = await in_memory()
    log = Log(
        ENGAGEMENT_UPDATED.name,
        [
            EngagementUpdated(
                post_id="p1", type=EngagementType.LIKE, delta=delta, timestamp=NOON * 1_000.0
            )
            for delta in (150, -150)
        ],
    )
    held = Held(shared.pool_writer)
    overtaken = replace(shared, pool_writer=held).handler(Fate())
    await overtaken.open([0])
    applying = asyncio.ensure_future(overtaken.apply(log.batch(0, 1)))
    await held.has_begun()
    await consume(shared.handler(Fate()), log, 1)
    held.going_on.set()
    await applying
    assert [list(one.ids) for one in await shared.pools.read(LISTS, 100)] == [[] for _ in LISTS]
