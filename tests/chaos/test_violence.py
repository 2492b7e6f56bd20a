"""Consumers, the store and the broker are killed, frozen and damaged; nothing is lost or doubled.

Real processes over real engines. What they leave behind is compared, byte by byte, with one life
of the same handlers over the same log in memory, and their totals with a plain fold that shares no
code with them. The control increments and commits, is killed in the same way, and must be wrong.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from pathlib import Path
from random import Random

import pytest

from consumers.batches import Place, Record
from domain.errors import Unavailable
from domain.events import EngagementUpdated
from domain.topics import ENGAGEMENT_UPDATED
from runtime.clock import SystemClock
from stores.event_codec import EventCodec, Unreadable
from stores.kafka_progress import KafkaProgress
from stores.postgres_pool import PostgresPool
from stores.redis_protocol import as_bytes, as_list
from tests.chaos.naive import GROUP
from tests.chaos.plan import Plan, Progress
from tests.chaos.processes import Victim
from tests.chaos.truth import totals, undisturbed, unpacked_totals
from tests.chaos.workload import Workload
from tests.chaos.world import World, opened
from tests.engines_fixture import Engines

pytestmark = pytest.mark.integration
CHUNK = 25
PACE = 0.05  # seconds between two chunks
MOVED = 120.0  # seconds for a consumer to apply something


@pytest.fixture
async def world(
    engines: Engines, migrated_database: str, postgres: PostgresPool, tmp_path: Path
) -> AsyncGenerator[World]:
    async with opened(engines.kind, migrated_database, postgres, tmp_path) as found:
        yield found


class Producer:
    """Writes until told to stop, and repeats what may not have been written."""

    def __init__(self, world: World, workload: Workload) -> None:
        self.workload = workload
        self._world = world
        self._done = asyncio.Event()

    async def run(self, least: int) -> None:
        while not (self._done.is_set() and self.workload.written >= least):
            chunk = self.workload.chunk(CHUNK)
            async with asyncio.timeout(MOVED):
                while True:
                    try:
                        await self._world.writer.send(chunk)
                    except Unavailable:
                        await asyncio.sleep(PACE)
                    else:
                        break
            if not self._done.is_set():
                await asyncio.sleep(PACE)

    def stop(self) -> None:
        self._done.set()


class Violence:
    def __init__(self, world: World, plan: Plan, logs: Path) -> None:
        self._world = world
        self._random = Random(plan.seed)
        self._logs = logs
        self.engagement = self._victim("engagement")
        self.interests = self._victim("interests")

    async def act(self, name: str) -> None:
        await self._moved()
        await asyncio.sleep(self._random.random() * 0.3)
        await getattr(self, f"_{name}")()

    async def _kill(self) -> None:
        victim = self._random.choice([self.engagement, self.engagement, self.interests])
        victim.kill()
        victim.start()

    async def _freeze(self) -> None:
        self.engagement.freeze()
        await asyncio.sleep(0.5 + self._random.random())
        self.engagement.thaw()

    async def _rival(self) -> None:
        """A second member joins while the first one is frozen, which then wakes up as a zombie."""
        rival = self._victim("engagement", "m2")
        rival.start()
        self.engagement.freeze()
        await asyncio.sleep(1.0 + self._random.random())
        self.engagement.thaw()
        await self._moved()
        if self._random.random() < 0.5:
            rival.kill()
        else:
            rival.stop()

    async def _kill_store(self) -> None:
        self._world.store.kill()
        await asyncio.sleep(self._random.random() * 0.3)
        await self._world.store.start()

    async def _tear_store(self) -> None:
        self._world.store.kill()
        self._world.store.tear()
        await self._world.store.start()

    async def _freeze_broker(self) -> None:
        self._world.freeze_broker(frozen=True)
        await asyncio.sleep(1.0 + self._random.random())
        self._world.freeze_broker(frozen=False)

    async def _moved(self) -> None:
        """Wait until the consumers apply something: whoever is still starting is no victim."""
        before = await self._applied()
        async with asyncio.timeout(MOVED):
            while await self._applied() <= before:  # noqa: ASYNC110 - of another process
                await asyncio.sleep(0.02)

    async def _applied(self) -> int:
        try:
            fences = await self._world.fences()
        except Unavailable:
            return 0
        return sum(at for place, at in fences.items() if place.topic == ENGAGEMENT_UPDATED.name)

    def _victim(self, name: str, member: str = "m1") -> Victim:
        return Victim(name, self._world.environment, self._logs / f"{name}.log", member)


async def test_nothing_is_lost_and_nothing_counted_twice(world: World, tmp_path: Path) -> None:
    plan = Plan.chosen()
    print(f"seed {plan.seed}")  # noqa: T201 - shown where the test fails
    producer = Producer(world, Workload(plan.seed, SystemClock().now()))
    violence = Violence(world, plan, tmp_path)
    violence.engagement.start()
    violence.interests.start()
    acts = plan.acts()
    progress = Progress(len(acts), plan.seed)
    async with asyncio.TaskGroup() as group:
        group.create_task(producer.run(plan.events))
        for name in acts:
            await violence.act(name)
            progress.step(name)
        producer.stop()
    await world.settle()
    violence.engagement.stop()
    violence.interests.stop()
    await _check(world, producer.workload)


async def _check(world: World, workload: Workload) -> None:
    log = await world.log("explore.engagement.updated", "explore.user.interaction")
    truth = await undisturbed(log, world.records, SystemClock().now())
    found = await world.outcome(sorted({*truth.pools, *await world.pool_names()}))
    assert unpacked_totals(found.counters) == totals(log)
    for field in truth.__slots__:
        assert getattr(found, field) == getattr(truth, field), field
    _check_dead_letters(await world.dead_letters(), log, workload.poison)


def _check_dead_letters(
    letters: list[Record], log: dict[Place, list[Record]], poison: list[bytes]
) -> None:
    """Exactly the poison, byte for byte; after a crash some are told twice."""
    lying = Counter(record.value for records in log.values() for record in records)
    assert {letter.value for letter in letters} == set(poison)
    assert set(poison) <= set(lying)


async def test_the_control_is_wrong(world: World, tmp_path: Path) -> None:
    plan = Plan.chosen()
    random, workload = Random(plan.seed), Workload(plan.seed, SystemClock().now())
    await world.writer.send(workload.chunk(plan.naive_events))
    naive = Victim("naive", world.environment, tmp_path / "naive.log")
    naive.start()
    for _ in range(plan.naive_kills):
        before = await _counted(world)
        async with asyncio.timeout(MOVED):
            while await _counted(world) == before:  # noqa: ASYNC110 - of another process
                await asyncio.sleep(0.005)
        await asyncio.sleep(random.random() * 0.02)
        naive.kill()
        naive.start()
    log = await world.log(ENGAGEMENT_UPDATED.name)
    expected, ends = _sums(log), {place: len(records) for place, records in log.items()}
    progress = KafkaProgress(world.bootstrap)
    async with asyncio.timeout(MOVED):
        while await progress.reached(GROUP, ends) != ends:  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.1)
    await progress.close()
    naive.stop()
    counted = await _counted(world)
    wrong = sum(counted[key] != expected[key] for key in expected)
    assert wrong > 0


def _sums(log: dict[Place, list[Record]]) -> Counter[str]:
    """What one increment for each readable record adds up to."""
    codec, sums = EventCodec(), Counter[str]()
    for records in log.values():
        for record in records:
            try:
                event = codec.decode(record.place.topic, record.value)
            except Unreadable:
                continue
            assert isinstance(event, EngagementUpdated)
            sums[f"{event.post_id}:{event.type}"] += event.delta
    return sums


async def _counted(world: World) -> Counter[str]:
    (names,) = await world.redis.run([("KEYS", "naive:*")])
    found = Counter[str]()
    for name in map(as_bytes, as_list(names)):
        (reply,) = await world.redis.run([("HGETALL", name or b"")])
        flat = [(as_bytes(one) or b"").decode() for one in as_list(reply)]
        post = (name or b"").decode().removeprefix("naive:")
        found.update(
            {f"{post}:{kind}": int(sum_) for kind, sum_ in zip(flat[::2], flat[1::2], strict=True)}
        )
    return found
