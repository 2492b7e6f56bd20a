"""The loop: batches, what they tell, outages and its end."""

from consumers.batches import Batch
from domain.errors import Unavailable
from tests.consumers.loop_rig import PLACE, POISON, MemoryHandler, Rig, value, values
from tests.consumers.memory_source import STAMP, MemorySource
from tests.tracing_fixture import Observer


async def test_everything_is_applied_in_order_in_bounded_batches() -> None:
    source, handler = MemorySource(PLACE, values(2_500)), MemoryHandler()
    await Rig(source, handler).run()
    assert handler.applied == [f"p{number}" for number in range(2_500)]
    assert [len(batch) for batch in handler.batches] == [2_000, 500]


async def test_an_outage_delays_the_batch_and_loses_nothing() -> None:
    outages = [Unavailable("redis")] * 3

    def fail(_batch: Batch) -> None:
        if outages:
            raise outages.pop()

    source, handler = MemorySource(PLACE, values(5)), MemoryHandler(fail)
    source.away = 2
    rig = Rig(source, handler)
    await rig.run()
    assert handler.batches == [["p0", "p1", "p2", "p3", "p4"]]
    assert rig.writer.records == []
    assert source.idled > 0.0


async def test_what_was_taken_over_while_it_was_held_is_not_applied() -> None:
    source, handler = MemorySource(PLACE, values(3)), MemoryHandler()
    rig = Rig(source, handler)
    outages = [Unavailable("redis")]

    def fail(_batch: Batch) -> None:
        if outages:
            source.rewind([PLACE])  # a rebalance during the outage
            raise outages.pop()

    handler = MemoryHandler(fail)
    rig = Rig(source, handler)
    await rig.run()
    assert handler.batches == [["p0", "p1", "p2"]]


async def test_stopping_leaves_what_is_not_done_to_the_next_life() -> None:
    def fail(_batch: Batch) -> None:
        raise Unavailable("postgresql")

    source, handler = MemorySource(PLACE, values(3)), MemoryHandler(fail)
    rig = Rig(source, handler)
    await rig.run(until=lambda: source.idled > 0.0)
    assert source.committed == 0


async def test_metrics_tell_what_was_applied_and_what_died() -> None:
    source, handler = MemorySource(PLACE, [value("a"), POISON]), MemoryHandler()
    rig = Rig(source, handler)
    await rig.run()
    text = rig.metrics.exposition().decode()
    topic = 'topic="explore.engagement.updated"'
    assert f'explore_events_applied_total{{consumer="test",{topic}}} 1.0' in text
    assert f'explore_dlq_records_total{{reason="unreadable",{topic}}} 1.0' in text
    assert 'explore_batch_duration_seconds_count{consumer="test"} 1.0' in text


async def test_while_a_store_is_away_the_lag_is_known_and_grows() -> None:
    def fail(_batch: Batch) -> None:
        raise Unavailable("postgresql")

    source = MemorySource(PLACE, values(3))
    rig = Rig(source, MemoryHandler(fail))
    since = rig.clock.now() - STAMP / 1_000
    await rig.run(until=lambda: source.idled > 1.0)
    labels = f'{{consumer="test",topic="{PLACE.topic}"}}'
    metrics = dict(line.rsplit(" ", 1) for line in rig.metrics.exposition().decode().splitlines())
    assert metrics[f"explore_consumer_lag_records{labels}"] == "3.0"
    assert since < float(metrics[f"explore_consumer_lag_seconds{labels}"]) < since + 60.0


async def test_each_batch_has_a_line_that_names_its_trace(observer: Observer) -> None:
    await Rig(MemorySource(PLACE, values(3)), MemoryHandler()).run()
    line = observer.line("batch.applied")
    assert (line["level"], line["consumer"]) == ("info", "test")
    assert (line["events"], line["topics"]) == (3, PLACE.topic)
    assert line["trace_id"] == observer.trace_of("consumer.batch")
