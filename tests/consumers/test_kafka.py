"""Reading from Kafka: fences, commits, logs made anew, dead letters, on the engines themselves."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from consumers.batches import Batch, Place, Received, Record
from consumers.dead_letters import DeadLetters
from consumers.health import Health
from consumers.kafka import KafkaRecords, RecordTooLargeError
from consumers.loop import Loop
from consumers.membership import LogMark, Subscription
from domain.errors import Unavailable
from domain.events import EngagementUpdated
from domain.fences import sequence
from domain.topics import DEAD_LETTERS, ENGAGEMENT_UPDATED, Topic
from runtime.clock import SystemClock
from runtime.metrics import Metrics
from runtime.settings import Membership
from stores.kafka_batches import Outgoing
from stores.kafka_events import KafkaWriter
from stores.kafka_topics import MissingTopics, count_partitions, create_topics
from tests.engines_fixture import Engines

pytestmark = pytest.mark.integration
Unique = Callable[[str], str]


class Marks:
    def __init__(self) -> None:
        self.mark = LogMark(0, "run-1")

    async def read(self) -> LogMark:
        return self.mark


class Fenced:
    """Fences in memory."""

    def __init__(self, topic: str) -> None:
        self.fenced_topic = topic
        self.fences: dict[int, int] = {}
        self.opened: list[Sequence[int]] = []

    async def open(self, partitions: Sequence[int]) -> Mapping[int, int]:
        self.opened.append(partitions)
        return {one: self.fences.get(one, -1) for one in partitions}

    def release(self) -> None:
        return


class Kafka:
    """A topic of one's own with two partitions, and what reads and writes it."""

    def __init__(self, bootstrap: str, name: str, group: str) -> None:
        self.bootstrap = bootstrap
        self.name = name
        self.group = group
        self.marks = Marks()
        self.fenced = Fenced(name)
        self.writer = KafkaWriter(bootstrap, timeout=10.0, idempotent=False)

    async def write(self, *values: bytes, key: bytes = b"a") -> None:
        await self.writer.send([Outgoing(self.name, key, value) for value in values])

    @asynccontextmanager
    async def reader(
        self, *, fenced: bool = False, membership: Membership = Membership.SOLE
    ) -> AsyncGenerator[KafkaRecords, None]:
        subscription = Subscription(
            group=self.group, member="m1", partitions={self.name: 2}, membership=membership
        )
        fences = self.fenced if fenced else None
        reader = KafkaRecords(self.bootstrap, subscription, self.marks, fences)
        await reader.start()
        try:
            yield reader
        finally:
            await reader.stop()


@pytest.fixture
async def kafka(engines: Engines, unique: Unique) -> AsyncGenerator[Kafka, None]:
    name = unique("engagement")
    await create_topics(engines.kafka_bootstrap, topics=[Topic(name, 2, EngagementUpdated, "x")])
    found = Kafka(engines.kafka_bootstrap, name, unique("group"))
    yield found
    await found.writer.close()


async def take(reader: KafkaRecords, count: int) -> list[Record]:
    """Exactly so many records."""
    records: list[Record] = []
    async with asyncio.timeout(40):
        while len(records) < count:
            records += await reader.poll(0.2, count - len(records))
    return records


def numbered(first: int, count: int) -> list[bytes]:
    return [b"%d" % number for number in range(first, first + count)]


async def test_what_was_committed_is_not_read_again(kafka: Kafka) -> None:
    await kafka.write(*numbered(0, 10))
    async with kafka.reader() as reader:
        records = await take(reader, 6)
        assert [record.value for record in records] == numbered(0, 6)
        await reader.commit()
        await take(reader, 4)
    async with kafka.reader() as reader:
        assert [record.value for record in await take(reader, 4)] == numbered(6, 4)


async def test_reading_goes_on_behind_the_fence_whatever_was_committed(kafka: Kafka) -> None:
    await kafka.write(*numbered(0, 500))  # in one batch, whose end the embedded broker misstates
    async with kafka.reader(fenced=True) as reader:
        records = await take(reader, 500)
        await reader.commit()
        place = records[0].place
        assert [record.sequence for record in records] == list(range(500))
        kafka.fenced.fences[place.partition] = sequence(0, 399)
        reader.rewind([place])
        again = await take(reader, 100)
        assert [record.sequence for record in again] == list(range(400, 500))
    kafka.fenced.fences[place.partition] = sequence(0, 498)
    async with kafka.reader(fenced=True) as reader:
        (last,) = await take(reader, 1)
        assert last.sequence == 499


async def test_a_log_shorter_than_its_fence_begins_a_new_epoch(kafka: Kafka) -> None:
    await kafka.write(*numbered(0, 3))
    kafka.fenced.fences = {0: sequence(2, 7_000), 1: sequence(2, 7_000)}
    async with kafka.reader(fenced=True) as reader:
        records = await take(reader, 3)
    assert [record.sequence for record in records] == [sequence(3, number) for number in range(3)]


async def test_a_raised_epoch_makes_running_readers_begin_again(kafka: Kafka) -> None:
    await kafka.write(*numbered(0, 3))
    async with kafka.reader(fenced=True) as reader:
        await reader.refresh()
        place = (await take(reader, 3))[0].place
        kafka.fenced.fences[place.partition] = sequence(0, 2)
        before = reader.openings
        await reader.refresh()
        assert reader.openings == before
        kafka.marks.mark = LogMark(1, "run-1")
        await reader.refresh()
        assert reader.openings > before
        again = await take(reader, 3)
    assert [record.sequence for record in again] == [sequence(1, number) for number in range(3)]


async def test_another_run_of_the_store_makes_readers_ask_for_their_fences(kafka: Kafka) -> None:
    await kafka.write(*numbered(0, 3))
    async with kafka.reader(fenced=True) as reader:
        await reader.refresh()
        place = (await take(reader, 3))[0].place
        kafka.fenced.fences[place.partition] = sequence(0, 0)  # the store lost its tail
        kafka.marks.mark = LogMark(0, "run-2")
        await reader.refresh()
        assert [record.offset for record in await take(reader, 2)] == [1, 2]


async def test_while_idle_nothing_is_handed_out_and_nothing_lost(kafka: Kafka) -> None:
    await kafka.write(*numbered(0, 2))
    async with kafka.reader() as reader:
        await take(reader, 2)
        await reader.idle(0.05)
        await kafka.write(*numbered(2, 2))
        await reader.idle(0.4)
        assert [record.value for record in await take(reader, 2)] == numbered(2, 2)


async def test_lag_is_known_by_partition(kafka: Kafka) -> None:
    await kafka.write(*numbered(0, 10))
    async with kafka.reader() as reader:
        place = (await take(reader, 4))[0].place
        assert reader.behind()[place] == 10  # what is in hand is not done
        await reader.commit()
        assert reader.behind()[place] == 6


async def test_a_group_member_gets_its_partitions_and_commits(kafka: Kafka) -> None:
    await kafka.write(*numbered(0, 5))
    async with kafka.reader(fenced=True, membership=Membership.GROUP) as reader:
        records = await take(reader, 5)
        async with reader.handling():
            await reader.commit()
    assert [record.value for record in records] == numbered(0, 5)
    async with kafka.reader() as reader:
        await kafka.write(b"next")
        assert [record.value for record in await take(reader, 1)] == [b"next"]


class Applied:
    def __init__(self) -> None:
        self.posts: list[str] = []

    def check(self, received: Received) -> None:
        return

    async def apply(self, batch: Batch) -> None:
        events = [one.event for one in batch.received]
        self.posts += [one.post_id for one in events if isinstance(one, EngagementUpdated)]


async def test_a_malformed_event_goes_to_the_dead_letters_and_the_consumer_goes_on(
    engines: Engines, unique: Unique
) -> None:
    topic = ENGAGEMENT_UPDATED.name
    await create_topics(engines.kafka_bootstrap, most_partitions=2)
    counts = await count_partitions(engines.kafka_bootstrap, [topic, DEAD_LETTERS.name])
    marker = unique("m")
    good = b'{"postId":"%s","type":"LIKE","delta":1,"timestamp":5}' % marker.encode()
    poison = b"\xff\x00 no event " + marker.encode()
    writer = KafkaWriter(engines.kafka_bootstrap, timeout=10.0, idempotent=False)
    subscription = Subscription(
        group=unique("group"),
        member="m",
        partitions={topic: counts[topic]},
        membership=Membership.SOLE,
    )
    source = KafkaRecords(engines.kafka_bootstrap, subscription, Marks(), None)
    handler, metrics, clock = Applied(), Metrics.create(), SystemClock()
    letters = DeadLetters(writer, "test", metrics)
    loop = Loop(source, handler, letters, Health("test", clock, metrics), clock)
    stopping = asyncio.Event()
    await source.start()
    try:
        for value in (good, poison, good):
            await writer.send([Outgoing(topic, marker.encode(), value)])
        async with asyncio.timeout(30), asyncio.TaskGroup() as group:
            group.create_task(loop.run(stopping))
            while handler.posts.count(marker) < 2:  # noqa: ASYNC110 - another process's work
                await asyncio.sleep(0.02)
            stopping.set()
    finally:
        await source.stop()
    found = await dead_letters(engines, unique, counts[DEAD_LETTERS.name], poison)
    await writer.close()
    assert (found.key, found.value) == (marker.encode(), poison)


async def test_a_partition_that_was_taken_away_is_not_opened_at_each_poll(kafka: Kafka) -> None:
    """Each opening makes the batch in hand void: this member would never apply one again."""
    await kafka.write(*numbered(0, 4))
    async with kafka.reader() as reader:
        await take(reader, 2)
        reader.rewind([Place(kafka.name, 0), Place(kafka.name, 1), Place("another's", 0)])
        assert [one.value for one in await take(reader, 4)] == numbered(0, 4)
        openings = reader.openings
        await reader.poll(0.0, 1)
        assert reader.openings == openings


async def test_idling_leaves_the_batch_in_hand_as_good_as_it_was(kafka: Kafka) -> None:
    """Else it is read again after each pause, and a store that is away is never spared."""
    await kafka.write(*numbered(0, 4))
    async with kafka.reader() as reader:
        await take(reader, 4)
        openings = reader.openings
        await reader.idle(0.1)
        await reader.idle(0.1)
        assert reader.openings == openings


async def test_a_record_larger_than_a_fetch_is_read_and_holds_nothing_up(kafka: Kafka) -> None:
    large = b"x" * 1_045_000  # with its headers about what a broker takes, and a fetch brings
    for key in (b"a", b"b", b"c", b"d"):
        await kafka.write(b"1", large, b"2", key=key)
    async with kafka.reader() as reader:
        values = [record.value for record in await take(reader, 12)]
    assert sorted(len(value or b"") for value in values) == [1] * 8 + [len(large)] * 4


async def test_a_record_that_the_broker_cuts_is_not_skipped(kafka: Kafka) -> None:
    await kafka.write(*numbered(0, 4))
    async with kafka.reader() as reader:
        first = await take(reader, 2)
        _cut_next(reader, first[-1].place.partition)
        with pytest.raises(Unavailable, match="larger than a fetch"):
            await reader.poll(0.2, 1)
        await reader.idle(0.0)
        assert [one.value for one in await take(reader, 4)] == numbered(0, 4)


def _cut_next(reader: KafkaRecords, partition: int) -> None:
    """What aiokafka does with a record that was cut: it raises once, from behind the record."""
    consumer: Any = reader._consumer  # pyright: ignore[reportPrivateUsage] - no broker of ours cuts
    place = next(one for one in consumer.assignment() if one.partition == partition)
    consumer.seek(place, 3)
    consumer._fetcher._records.pop(place, None)
    consumer._fetcher._set_error(place, RecordTooLargeError())


def _connections(reader: KafkaRecords) -> list[Any]:
    consumer: Any = reader._consumer  # pyright: ignore[reportPrivateUsage] - nothing public tells
    return [one for one in consumer._client._conns.values() if one.connected()]


async def test_a_member_that_leaves_while_it_joins_leaves_no_connection(kafka: Kafka) -> None:
    async with kafka.reader(membership=Membership.GROUP) as reader:
        # The embedded broker takes seconds to let somebody in.
        while not _connections(reader):  # noqa: ASYNC110 - aiokafka tells nobody
            await asyncio.sleep(0.01)
    assert not _connections(reader)


async def test_a_fetch_that_was_just_asked_for_leaves_no_connection(kafka: Kafka) -> None:
    """Cancelled before it began it cuts aiokafka's own ending short."""
    async with kafka.reader() as reader:
        await reader.poll(0.0, 1)
        fetch = asyncio.ensure_future(asyncio.sleep(0))
        consumer: Any = reader._consumer  # pyright: ignore[reportPrivateUsage] - as it would do
        consumer._fetcher._pending_tasks.add(fetch)
        fetch.cancel()
    assert not _connections(reader)


class Member:
    """A consumer of the group, with a handler of its own."""

    def __init__(self, kafka: Kafka, topic: str, partitions: int, name: str) -> None:
        subscription = Subscription(
            group=kafka.group,
            member=name,
            partitions={topic: partitions},
            membership=Membership.GROUP,
        )
        self.source = KafkaRecords(kafka.bootstrap, subscription, Marks(), None)
        self.handler, metrics, clock = Applied(), Metrics.create(), SystemClock()
        letters = DeadLetters(kafka.writer, "test", metrics)
        health = Health("test", clock, metrics)
        self.loop = Loop(self.source, self.handler, letters, health, clock)
        self.stopping = asyncio.Event()

    async def run(self) -> None:
        await self.source.start()
        try:
            await self.loop.run(self.stopping)
        finally:
            await self.source.stop()


async def test_members_that_join_and_leave_lose_nothing(kafka: Kafka, engines: Engines) -> None:
    if engines.kind != "real":
        pytest.skip("the embedded broker needs up to twelve seconds for each rebalance")
    topic = ENGAGEMENT_UPDATED.name
    await create_topics(kafka.bootstrap)
    partitions = (await count_partitions(kafka.bootstrap, [topic]))[topic]
    one, two = (Member(kafka, topic, partitions, name) for name in ("one", "two"))

    async def write(first: int) -> set[str]:
        ids = {f"{kafka.group}.{number}" for number in range(first, first + 100)}
        value = b'{"postId":"%s","type":"LIKE","delta":1,"timestamp":5}'
        records = [Outgoing(topic, post.encode(), value % post.encode()) for post in ids]
        await kafka.writer.send(records)
        return ids

    async def applied(wanted: set[str]) -> None:
        while not wanted <= {*one.handler.posts, *two.handler.posts}:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.05)

    async with asyncio.timeout(90), asyncio.TaskGroup() as group:
        first = group.create_task(one.run())
        await applied(await write(0))
        group.create_task(two.run())
        number = 100
        while not two.handler.posts:
            await applied(await write(number))
            number += 100
        one.stopping.set()
        await first
        await applied(await write(number))
        two.stopping.set()


async def dead_letters(engines: Engines, unique: Unique, partitions: int, value: bytes) -> Record:
    """The dead letter with this value."""
    subscription = Subscription(
        group=unique("group"),
        member="m",
        partitions={DEAD_LETTERS.name: partitions},
        membership=Membership.SOLE,
    )
    reader = KafkaRecords(engines.kafka_bootstrap, subscription, Marks(), None)
    await reader.start()
    try:
        async with asyncio.timeout(30):
            while True:
                for record in await reader.poll(0.2, 1_000):
                    if record.value == value:
                        return record
    finally:
        await reader.stop()


async def test_topics_that_are_missing_are_named(engines: Engines, unique: Unique) -> None:
    if engines.kind != "real":
        pytest.skip("the embedded broker makes every topic that it is asked about")
    name = unique("missing")
    with pytest.raises(MissingTopics, match=name):
        await count_partitions(engines.kafka_bootstrap, [name])


async def test_an_address_where_nothing_listens_is_an_outage_told_in_time() -> None:
    writer = KafkaWriter("127.0.0.1:1", timeout=0.3, idempotent=False)
    async with asyncio.timeout(2):
        with pytest.raises(Exception, match="kafka is unavailable"):
            await writer.send([Outgoing("topic", b"k", b"v")])
    await writer.close()
