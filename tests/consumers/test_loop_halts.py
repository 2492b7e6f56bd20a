"""The loop halts before too much is set aside."""

import pytest
from structlog.testing import capture_logs

from consumers.batches import Batch
from tests.consumers.loop_rig import PLACE, POISON, MemoryHandler, Rig, value, values
from tests.consumers.memory_source import MemorySource


async def test_a_release_that_fails_at_everything_halts_the_consumer() -> None:
    def stumble(batch: Batch) -> None:
        if batch.received:
            raise ZeroDivisionError

    source = MemorySource(PLACE, values(150))
    rig = Rig(source, MemoryHandler(stumble))
    with capture_logs():  # hundreds of tracebacks
        await rig.run(until=lambda: source.idled > 1.0)
    assert (source.committed, len(rig.writer.records)) == (99, 99)


@pytest.mark.parametrize("share", [1.0, 0.2, 0.1])
async def test_too_many_dead_letters_halt_the_consumer_before_they_are_thrown_away(
    share: float,
) -> None:
    every = round(1 / share)
    log = [POISON if number % every == 0 else value("a") for number in range(1_000)]
    source, handler = MemorySource(PLACE, log), MemoryHandler()
    rig = Rig(source, handler)
    await rig.run(until=lambda: source.idled > 1.0)
    assert (source.committed, handler.batches, rig.writer.records) == (0, [], [])


async def test_of_few_records_a_share_means_nothing() -> None:
    log = [POISON if number % 2 == 0 else value("a") for number in range(100)]
    source, handler = MemorySource(PLACE, log), MemoryHandler()
    rig = Rig(source, handler)
    await rig.run()
    assert (len(handler.applied), len(rig.writer.records)) == (50, 50)


async def test_one_percent_of_poison_halts_nothing() -> None:
    log = [POISON if number % 100 == 0 else value("a") for number in range(20_000)]
    source, handler = MemorySource(PLACE, log), MemoryHandler()
    rig = Rig(source, handler)
    await rig.run()
    assert (len(handler.applied), len(rig.writer.records)) == (19_800, 200)


async def test_a_halt_is_told_at_once_and_whoever_has_looked_may_let_records_go() -> None:
    log = [POISON] * 150 + [value("a")]
    source, handler = MemorySource(PLACE, log), MemoryHandler()
    rig = Rig(source, handler)
    with capture_logs() as logs:
        await rig.run(until=lambda: source.idled > 1.0)
    (halted,) = [line for line in logs if line["event"] == "consumer.halted"]
    assert halted["cause"] == f"100 in a row of {PLACE.topic}"
    assert "--allow-dead-letters" in halted["remedy"]
    assert b'explore_partitions_paused{consumer="test"} 1.0' in rig.metrics.exposition()
    source = MemorySource(PLACE, log)
    rig = Rig(source, handler, allowed=150)
    await rig.run()
    assert ([one.value for one in rig.writer.records], handler.applied) == ([POISON] * 150, ["a"])
    assert b'explore_partitions_paused{consumer="test"} 1.0' not in rig.metrics.exposition()
