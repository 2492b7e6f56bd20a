"""A store is slow if its smallest answer is, twice in a row; not if this process is."""

import asyncio
import time
from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs

from consumers.asked_stores import asked_stores
from consumers.store_speeds import SLOW, StoreSpeeds
from domain.errors import Unavailable
from runtime.settings import load_settings
from tests.engines_fixture import Engines


class Store:
    """Answers at once, or once it is told to."""

    def __init__(self) -> None:
        self.quick = asyncio.Event()
        self.quick.set()
        self.asked = 0
        self.away = False

    async def ask(self) -> None:
        self.asked += 1
        if self.away:
            raise Unavailable("redis")
        await self.quick.wait()


async def looks(speeds: StoreSpeeds, count: int) -> Sequence[bool]:
    found: list[bool] = []
    for _ in range(count):
        await speeds.look()
        found.append(speeds.any_slow(["redis"]))
    return found


async def test_slow_from_the_second_late_answer_to_the_first_quick_one() -> None:
    redis, postgres = Store(), Store()
    speeds = StoreSpeeds({"redis": redis.ask, "postgresql": postgres.ask})
    with capture_logs() as logs:
        assert await looks(speeds, 2) == [False, False]
        redis.quick.clear()
        assert await looks(speeds, 4) == [False, True, True, True]
        assert redis.asked == 3  # who owes an answer is not asked again
        assert not speeds.any_slow(["postgresql"])
        assert speeds.any_slow(["postgresql", "redis"])
        redis.quick.set()
        assert await looks(speeds, 2) == [False, False]
    await speeds.close()
    told = [(line["event"], line["store"]) for line in logs]
    assert told == [("store.slowed", "redis"), ("store.recovered", "redis")]


async def test_one_late_answer_is_no_slow_store() -> None:
    redis = Store()
    speeds = StoreSpeeds({"redis": redis.ask})
    for _ in range(3):
        redis.quick.clear()
        assert await looks(speeds, 1) == [False]
        redis.quick.set()
        assert await looks(speeds, 1) == [False]
    await speeds.close()


async def test_a_store_that_is_away_is_not_slow() -> None:
    redis = Store()
    redis.away = True
    speeds = StoreSpeeds({"redis": redis.ask})
    assert await looks(speeds, 3) == [False] * 3
    await speeds.close()


async def test_a_busy_process_takes_no_store_for_slow() -> None:
    redis = Store()
    stopping = asyncio.Event()

    async def be_busy() -> None:
        while not stopping.is_set():
            time.sleep(1.5 * SLOW)  # noqa: ASYNC251, as folding a large batch does
            await asyncio.sleep(0)

    async def answer_behind_others() -> None:
        redis.asked += 1
        for _ in range(2):
            await asyncio.sleep(0)

    speeds = StoreSpeeds({"redis": answer_behind_others})
    async with asyncio.TaskGroup() as group:
        group.create_task(be_busy())
        assert await looks(speeds, 4) == [False] * 4
        stopping.set()
    assert redis.asked == 4
    await speeds.close()


@pytest.mark.integration
async def test_engines_answer_the_questions(engines: Engines) -> None:
    with capture_logs() as logs:
        async with asked_stores(load_settings(engines.environment())) as speeds:
            await speeds.look()
            assert not speeds.any_slow(["redis", "postgresql", "opensearch"])
    assert [line for line in logs if line["event"] == "background.failed"] == []
