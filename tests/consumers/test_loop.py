"""The loop: batches, outages, fences that move, records that can never succeed, and its end."""

import asyncio
from collections.abc import Callable, Collection, Sequence

import msgspec
import pytest
from structlog.testing import capture_logs
from typing_extensions import override

from consumers.batches import Batch, FenceMoved, Place, Received, Record, Refused
from consumers.dead_letters import DeadLetters
from consumers.health import Health
from consumers.loop import Loop
from consumers.pace import Pace
from domain.errors import Unavailable
from domain.events import ENGAGEMENT_UPDATED, EngagementUpdated
from runtime.metrics import Metrics
from stores.kafka_batches import Outgoing
from stores.kafka_events import RecordTooLarge
from tests.consumers.memory_source import STAMP, MemorySource
from tests.fakes.clock import FixedClock
from tests.tracing_fixture import Observer

PLACE = Place(ENGAGEMENT_UPDATED.name, 3)
POISON = b"no event"


class TickingClock(FixedClock):
    """Every look takes a millisecond, so that nothing waits for ever."""

    @override
    def monotonic(self) -> float:
        self.advance(0.001)
        return super().monotonic()


class Odd(Refused):
    """An event that the handler refuses."""


class MemoryHandler:
    """Keeps what it was given; ``script`` may fail a batch first."""

    def __init__(self, script: Callable[[Batch], None] = lambda _batch: None) -> None:
        self._script = script
        self.batches: list[list[str]] = []

    @property
    def applied(self) -> list[str]:
        return [post_id for batch in self.batches for post_id in batch]

    def check(self, received: Received) -> None:
        if isinstance(received.event, EngagementUpdated) and received.event.delta == 13:
            raise Odd

    async def apply(self, batch: Batch) -> None:
        self._script(batch)
        events = [one.event for one in batch.received]
        self.batches.append([one.post_id for one in events if isinstance(one, EngagementUpdated)])


class MemoryWriter:
    def __init__(self) -> None:
        self.records: list[Outgoing] = []
        self.away = 0
        self.largest = 10_000

    async def send(self, records: Sequence[Outgoing]) -> None:
        if any(
            len(record.value or b"") + len(record.key or b"") > self.largest for record in records
        ):
            raise RecordTooLarge
        if records and self.away:
            self.away -= 1
            raise Unavailable("kafka")
        self.records += records


def value(post_id: str, delta: int = 1) -> bytes:
    event = {"postId": post_id, "type": "LIKE", "delta": delta, "timestamp": 1_000}
    return msgspec.json.encode(event)


def values(count: int) -> list[bytes | None]:
    return [value(f"p{number}") for number in range(count)]


class Rig:
    def __init__(
        self,
        source: MemorySource,
        handler: MemoryHandler,
        allowed: int = 0,
        buries: Collection[str] | None = None,
        pace: Pace | None = None,
        clock: FixedClock | None = None,
    ) -> None:
        self.writer = MemoryWriter()
        self.clock = clock or TickingClock()
        self.metrics = Metrics.create()
        self.health = Health("test", self.clock, self.metrics)
        letters = DeadLetters(self.writer, "test", self.metrics, allowed=allowed, buries=buries)
        self.loop = Loop(source, handler, letters, self.health, self.clock, pace)
        self.source = source

    async def run(self, until: Callable[[], bool] | None = None) -> None:
        """Until all is committed, or something else holds."""
        stopping = asyncio.Event()
        done = until or (lambda: self.source.is_done)

        async def watch() -> None:
            while not done():  # noqa: ASYNC110, any condition, no clock
                await asyncio.sleep(0)
            stopping.set()

        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            group.create_task(self.loop.run(stopping))
            group.create_task(watch())


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


class Pausing(MemorySource):
    """Idling takes its time on a clock that else stands."""

    def __init__(self, clock: FixedClock, values: Sequence[bytes | None]) -> None:
        super().__init__(PLACE, values)
        self._clock = clock

    @override
    async def idle(self, seconds: float) -> None:
        await super().idle(seconds)
        self._clock.advance(seconds)


async def test_a_store_that_is_away_is_asked_ever_more_seldom() -> None:
    asked: list[str] = []

    def fail(_batch: Batch) -> None:
        asked.append(f"{clock.now() - began:.1f}")
        if len(asked) == 4:
            source.rewind([PLACE])  # read again for a reason of its own: no sign of a store
        if len(asked) < 9:
            raise Unavailable("redis")

    clock = FixedClock()
    began = clock.now()
    source, handler = Pausing(clock, values(2)), MemoryHandler(fail)
    await Rig(source, handler, clock=clock, pace=Pace(most=2)).run()
    assert asked == ["0.0", "0.1", "0.3", "0.7", "1.5", "3.1", "6.3", "11.3", "16.3"]
    assert handler.batches == [["p0", "p1"]]


async def test_a_slow_store_is_left_alone_after_each_batch_ever_longer() -> None:
    told: list[str] = []

    class Stores:
        slow = True

        def are_slow(self) -> bool:
            return self.slow

    class Telling(Pausing):
        @override
        async def commit(self) -> None:
            await super().commit()
            told.append(f"{len(handler.applied)} done at {clock.now() - began:.3f}")
            stores.slow = len(handler.applied) not in (7, 8)

    stores, handler = Stores(), MemoryHandler()
    clock = FixedClock()
    source = Telling(clock, values(10))
    pace = Pace(most=1, is_store_slow=stores.are_slow)
    rig = Rig(source, handler, pace=pace, clock=clock)
    began = clock.now()
    await rig.run()
    assert told == [
        "1 done at 0.000",
        "2 done at 0.100",
        "3 done at 0.300",
        "4 done at 0.700",
        "5 done at 1.500",
        "6 done at 2.500",
        "7 done at 3.500",
        "8 done at 3.500",  # no store is slow
        "9 done at 3.500",
        "10 done at 3.600",
    ]
    waits = 'explore_consumer_pauses_total{consumer="test",reason="slow"} 8.0'
    assert waits in rig.metrics.exposition().decode()


async def test_nobody_rests_while_stores_are_quick_or_there_is_nothing_to_do() -> None:
    source, handler = MemorySource(PLACE, values(5_000)), MemoryHandler()
    rig = Rig(source, handler, pace=Pace())
    await rig.run()
    assert [len(batch) for batch in handler.batches] == [2_000, 2_000, 1_000]
    assert source.idled == 0.0
    assert "explore_consumer_pauses_total{" not in rig.metrics.exposition().decode()
    source = MemorySource(PLACE, [])
    rounds = iter(range(100))
    rig = Rig(source, handler, pace=Pace(is_store_slow=lambda: True))
    await rig.run(until=lambda: next(rounds) == 99)
    assert source.idled == 0.0


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


async def test_what_is_read_again_is_neither_buried_nor_counted_again() -> None:
    moves = [FenceMoved([PLACE])] * 3

    def move(_batch: Batch) -> None:
        if moves:
            raise moves.pop()

    source, handler = MemorySource(PLACE, [*[POISON] * 60, value("a")]), MemoryHandler(move)
    rig = Rig(source, handler)
    await rig.run()
    assert (len(rig.writer.records), handler.applied) == (60, ["a"])


async def test_a_fence_that_moved_is_read_again() -> None:
    moves = [FenceMoved([PLACE])]

    def move(_batch: Batch) -> None:
        if moves:
            raise moves.pop()

    source, handler = MemorySource(PLACE, values(3)), MemoryHandler(move)
    await Rig(source, handler).run()
    assert handler.batches == [["p0", "p1", "p2"]]


class TwoPartitions(MemorySource):
    """Batches with records of both; each is read again only when it is named."""

    def __init__(self, values: Sequence[bytes | None]) -> None:
        super().__init__(PLACE, values)
        self._other = MemorySource(Place(PLACE.topic, PLACE.partition + 1), values)

    @property
    @override
    def openings(self) -> int:
        return super().openings + self._other.openings

    @property
    @override
    def is_done(self) -> bool:
        return super().is_done and self._other.is_done

    @override
    async def poll(self, seconds: float, limit: int) -> list[Record]:
        return await super().poll(seconds, limit) + await self._other.poll(seconds, limit)

    @override
    async def commit(self) -> None:
        await super().commit()
        await self._other.commit()

    @override
    def rewind(self, places: Collection[Place]) -> None:
        if self.place in places:
            super().rewind(places)
        if self._other.place in places:
            self._other.rewind(places)


async def test_with_a_fence_that_moved_the_whole_batch_is_read_again() -> None:
    """What it had of other partitions was not applied either."""
    moves = [FenceMoved([PLACE])]

    def move(_batch: Batch) -> None:
        if moves:
            raise moves.pop()

    handler = MemoryHandler(move)
    await Rig(TwoPartitions(values(3)), handler).run()
    assert handler.batches == [["p0", "p1", "p2", "p0", "p1", "p2"]]


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
