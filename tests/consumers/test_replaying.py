"""Dead letters go back once, for who refused them, and a replay that was cut off is finished."""

from collections.abc import AsyncGenerator, Callable, Sequence
from itertools import count

import msgspec
import pytest

from consumers.batches import Place, Reason, Received, Record, Refused
from consumers.dead_letters import DeadLetter, DeadLetters
from consumers.reading import read
from consumers.replaying import Replaying, Report, Wanted
from domain.errors import Unavailable
from domain.events import EngagementUpdated
from domain.topics import ENGAGEMENT_UPDATED, POST_INGESTED
from runtime.metrics import Metrics
from stores.event_codec import EventCodec
from stores.kafka_batches import Outgoing
from stores.kafka_dead_letters import ONLY_FOR, ORIGIN, KafkaDeadLetters
from stores.kafka_events import KafkaWriter
from stores.kafka_topics import create_topics
from stores.redis_client import RedisClient
from stores.redis_replays import RedisReplays
from tests.engines_fixture import Engines

pytestmark = pytest.mark.integration
TOPIC = ENGAGEMENT_UPDATED.name
EPOCHS = count(1)  # the broker is shared: each test has an epoch, and consumers, of its own
NOW = 1_790_000_000.0
WRITTEN = 1_780_000_000_000  # when the refused records were, in milliseconds


class Odd(Refused):
    """Refused as yet."""


class Judge:
    """A consumer's check; ``mended`` is what was wrong with it."""

    def __init__(self) -> None:
        self.mended = False

    def check(self, received: Received) -> None:
        event = received.event
        if isinstance(event, EngagementUpdated) and event.delta == 13 and not self.mended:
            raise Odd


class MortalWriter:
    """Writes so many records more, then dies in the middle of a call."""

    def __init__(self, writer: KafkaWriter, life: int) -> None:
        self._writer = writer
        self._life = life

    async def send(self, records: Sequence[Outgoing]) -> None:
        await self._writer.send(records[: self._life])
        if len(records) > self._life:
            raise Unavailable("kafka", "killed")


class World:
    def __init__(self, engines: Engines, redis: RedisClient, name: str) -> None:
        self.name = name
        self.bootstrap = engines.kafka_bootstrap
        self.writer = KafkaWriter(self.bootstrap, timeout=30.0, idempotent=False)
        self.replays = RedisReplays(redis, next(EPOCHS))
        self.judge = Judge()
        self.letters = DeadLetters(self.writer, name, Metrics.create())
        self._offsets = count()
        self.others = 0  # letters of other tests' consumers, which nobody here can judge

    async def bury(self, *values: bytes | None, reason: Reason = Reason.REJECTED) -> None:
        place = Place(TOPIC, 0)
        records = [
            Record(place, next(self._offsets), 0, WRITTEN, 0, b"p1", value) for value in values
        ]
        await self.letters.write([DeadLetter(one, reason, "Odd") for one in records])

    async def replay(self, *, life: int | None = None, **wanted: object) -> Report:
        async def tell(_report: Report) -> None:
            return

        writer = self.writer if life is None else MortalWriter(self.writer, life)
        replaying = Replaying(
            KafkaDeadLetters(self.bootstrap), self.replays, writer, {self.name: self.judge}, tell
        )
        return await replaying.run(msgspec.convert(wanted, Wanted), NOW)

    async def put_back(self, *, for_all: bool = False) -> list[Outgoing]:
        """What lies in the topic for this consumer, or was put back for all."""
        wanted = None if for_all else self.name.encode()
        found: list[Outgoing] = []
        reader = KafkaDeadLetters(self.bootstrap)
        since = dict.fromkeys(await reader.ends([TOPIC]), 0)
        async for records in reader._read(since):  # pyright: ignore[reportPrivateUsage] - reads back
            for record in records:
                headers = dict(record.headers)
                if ORIGIN in headers and headers.get(ONLY_FOR) == wanted:
                    found.append(
                        Outgoing(
                            TOPIC,
                            record.key,
                            record.value,
                            sorted(headers.items()),
                            record.timestamp,
                        )
                    )
        return found


@pytest.fixture
async def world(
    engines: Engines, redis: RedisClient, unique: Callable[[str], str]
) -> AsyncGenerator[World]:
    await create_topics(engines.kafka_bootstrap, most_partitions=4)
    found = World(engines, redis, unique("consumer"))
    found.others = (await found.replay(dry_run=True)).refused[TOPIC]
    yield found
    await found.writer.close()


def event(number: int, delta: int = 13) -> bytes:
    """With a field that nobody knows, so that bytes differ from what we would write."""
    told = {"postId": "p1", "type": "LIKE", "delta": delta, "timestamp": 1_000, "n": number}
    return msgspec.json.encode(told)


async def test_what_is_mended_goes_back_with_its_key_and_bytes_once(world: World) -> None:
    await world.bury(event(1), event(2), b"no event")
    before = await world.replay()
    assert (before.put_back[TOPIC], before.refused[TOPIC] - world.others) == (0, 3)
    world.judge.mended = True
    dry = await world.replay(dry_run=True)
    still = dry.refused[TOPIC] - world.others
    assert (dry.put_back[TOPIC], still, await world.put_back()) == (2, 1, [])
    report = await world.replay()
    assert (report.put_back[TOPIC], report.refused[TOPIC] - world.others) == (2, 1)
    again = await world.replay()
    still = again.refused[TOPIC] - world.others
    assert (again.put_back[TOPIC], again.already[TOPIC], still) == (0, 2, 1)
    expected = [
        Outgoing(
            TOPIC,
            b"p1",
            event(number),
            [
                (ONLY_FOR, world.name.encode()),
                (ORIGIN, f"{TOPIC}/0/{place}/{world.name}".encode()),
            ],
            WRITTEN,
        )
        for place, number in enumerate((1, 2))
    ]
    assert await world.put_back() == expected


async def test_limit_and_topic_bound_what_goes_back(world: World) -> None:
    await world.bury(*[event(number, 1) for number in range(5)])
    assert (await world.replay(topic=POST_INGESTED.name)).put_back.total() == 0
    assert (await world.replay(limit=2)).put_back[TOPIC] == 2
    assert (await world.replay(topic=TOPIC)).put_back[TOPIC] == 3
    assert [one.value for one in await world.put_back()] == [event(n, 1) for n in range(5)]


async def test_a_letter_that_is_told_twice_goes_back_once(world: World) -> None:
    record = Record(Place(TOPIC, 0), 7, 0, 1_000, 0, b"p1", event(1, 1))
    letter = DeadLetter(record, Reason.REJECTED, "Odd")
    await world.letters.write([letter, letter])  # the consumer was killed in between
    assert (await world.replay()).put_back[TOPIC] == 1
    assert (await world.replay()).put_back[TOPIC] == 0


async def test_what_was_unreadable_goes_back_once_to_all_readers(world: World) -> None:
    await world.bury(event(1, 1), reason=Reason.UNREADABLE)
    other = DeadLetters(world.writer, world.name, Metrics.create())
    record = Record(Place(TOPIC, 0), 0, 0, 1_000, 0, b"p1", event(1, 1))
    await other.write([DeadLetter(record, Reason.UNREADABLE, "Odd")])  # of before: each wrote one
    assert (await world.replay()).put_back[TOPIC] == 1
    assert (await world.replay()).already[TOPIC] == 2
    assert await world.put_back() == []
    (found,) = await world.put_back(for_all=True)
    assert (found.value, found.headers) == (event(1, 1), [(ORIGIN, f"{TOPIC}/0/0/*".encode())])


@pytest.mark.parametrize("life", [0, 3])
async def test_a_replay_that_was_cut_off_goes_on_and_repeats_nothing(
    world: World, life: int
) -> None:
    await world.bury(*[event(number, 1) for number in range(6)])
    with pytest.raises(Unavailable):
        await world.replay(life=life)
    report = await world.replay()
    assert (report.put_back[TOPIC], report.already[TOPIC]) == (6 - life, life)
    assert [one.value for one in await world.put_back()] == [event(n, 1) for n in range(6)]


def test_what_was_put_back_for_another_consumer_counts_as_applied() -> None:
    records = [
        Record(Place(TOPIC, 0), 5, 5, 1_000, 0, b"p1", event(1, 1), "hashtags"),
        Record(Place(TOPIC, 0), 6, 6, 1_000, 0, b"p1", b"no event", "hashtags"),
    ]
    batch, dead = read(records, EventCodec(), Judge(), NOW, "engagement")
    assert (batch.received, batch.through, dead) == ([], {Place(TOPIC, 0): 6}, [])
    batch, dead = read(records, EventCodec(), Judge(), NOW, "hashtags")
    assert ([one.sequence for one in batch.received], len(dead)) == ([5], 1)
