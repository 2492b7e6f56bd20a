"""The loop sets aside records that can never succeed, each of them once."""

import pytest

from consumers.batches import Batch
from domain.errors import Unavailable
from domain.events import EngagementUpdated
from tests.consumers.loop_rig import PLACE, POISON, MemoryHandler, Rig, value, values
from tests.consumers.memory_source import MemorySource


async def test_the_poison_is_set_aside_and_all_else_is_applied() -> None:
    log = [value("a"), POISON, value("b"), None, value("c", 13), value("d")]
    source, handler = MemorySource(PLACE, log), MemoryHandler()
    rig = Rig(source, handler)
    rig.writer.away = 6  # each letter fails twice
    await rig.run()
    assert handler.applied == ["a", "b", "d"]
    assert [(one.topic, one.key, one.value) for one in rig.writer.records] == [
        ("explore.dlq", b"key", POISON),
        ("explore.dlq", b"key", None),
        ("explore.dlq", b"key", value("c", 13)),
    ]
    headers = dict(rig.writer.records[2].headers)
    trace = headers.pop("explore-dlq-trace-id")
    assert headers == {
        "explore-dlq-topic": b"explore.engagement.updated",
        "explore-dlq-partition": b"3",
        "explore-dlq-offset": b"4",
        "explore-dlq-timestamp": b"1790000000000",
        "explore-dlq-timestamp-type": b"create",
        "explore-dlq-consumer": b"test",
        "explore-dlq-reason": b"rejected",
        "explore-dlq-exception": b"Odd",
        "explore-dlq-attempts": b"1",
    }
    assert len(trace) == 32
    reasons = [dict(one.headers)["explore-dlq-reason"] for one in rig.writer.records]
    assert reasons == [b"unreadable", b"unreadable", b"rejected"]


async def test_what_another_reader_buries_is_skipped_and_counts_towards_a_halt() -> None:
    log = [POISON, value("a"), value("b", 13)]
    source, handler = MemorySource(PLACE, log), MemoryHandler()
    rig = Rig(source, handler, buries=())
    rig.writer.away = 2
    await rig.run()
    assert handler.applied == ["a"]
    assert [one.value for one in rig.writer.records] == [value("b", 13)]
    text = rig.metrics.exposition().decode()
    topic = f'topic="{PLACE.topic}"'
    assert f'explore_events_skipped_total{{reason="unreadable",{topic}}} 1.0' in text
    source = MemorySource(PLACE, [POISON] * 150)
    rig = Rig(source, handler, buries=())
    await rig.run(until=lambda: source.idled > 1.0)
    assert source.committed == 0


async def test_dead_letters_are_written_once_while_the_store_is_away() -> None:
    outages = [Unavailable("redis")] * 4

    def fail(_batch: Batch) -> None:
        if outages:
            raise outages.pop()

    source, handler = MemorySource(PLACE, [POISON, value("a")]), MemoryHandler(fail)
    rig = Rig(source, handler)
    await rig.run()
    assert len(rig.writer.records) == 1
    assert handler.applied == ["a"]


@pytest.mark.parametrize("refused", [60, 59, 1])
async def test_while_kafka_hiccups_dead_letters_count_once_and_are_written_once(
    refused: int,
) -> None:
    poison = [POISON + str(number).encode() for number in range(60)]
    source, handler = MemorySource(PLACE, [*poison, value("a")]), MemoryHandler()
    rig = Rig(source, handler)
    rig.writer.away = refused
    await rig.run()
    assert sorted(one.value or b"" for one in rig.writer.records) == sorted(poison)
    assert handler.applied == ["a"]


async def test_an_error_of_ours_costs_the_one_record_that_causes_it() -> None:
    def stumble(batch: Batch) -> None:
        for one in batch.received:
            if isinstance(one.event, EngagementUpdated) and one.event.post_id == "p2":
                raise ZeroDivisionError

    source, handler = MemorySource(PLACE, values(5)), MemoryHandler(stumble)
    rig = Rig(source, handler)
    await rig.run()
    # The third batch is empty: it takes the fence past the record that was given up.
    assert handler.batches == [["p0"], ["p1"], [], ["p3", "p4"]]
    (letter,) = rig.writer.records
    headers = dict(letter.headers)
    assert letter.value == value("p2")
    assert headers["explore-dlq-exception"] == b"ZeroDivisionError"
    assert headers["explore-dlq-attempts"] == b"3"


async def test_what_does_not_fit_with_its_context_is_kept_as_context_alone() -> None:
    huge = b"x" * 1_000
    source, handler = MemorySource(PLACE, [POISON, huge, value("a")]), MemoryHandler()
    rig = Rig(source, handler)
    rig.writer.largest = 500
    await rig.run()
    assert [one.value for one in rig.writer.records] == [POISON, None]
    assert [one.key for one in rig.writer.records] == [b"key", b"key"]
    assert dict(rig.writer.records[1].headers)["explore-dlq-offset"] == b"1"
    assert handler.applied == ["a"]


async def test_a_key_that_does_not_fit_with_the_context_is_left_out_too() -> None:
    source, handler = MemorySource(PLACE, [POISON, value("a")]), MemoryHandler()
    rig = Rig(source, handler)
    rig.writer.largest = 2
    await rig.run()
    (letter,) = rig.writer.records
    assert (letter.key, letter.value) == (None, None)
    assert dict(letter.headers)["explore-dlq-offset"] == b"0"
    assert handler.applied == ["a"]
