"""Reading the topic of dead letters, and looking for records that were put back."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from domain.topics import DEAD_LETTERS
from stores.kafka_bounds import questions
from stores.kafka_log_ends import log_ends
from stores.kafka_stops import stopped
from stores.kafka_topics import count_partitions

HEADER: Final = "explore-dlq-"
ORIGIN: Final = "explore-replay-of"  # on a record that was put back: what it is a copy of
ONLY_FOR: Final = "explore-replay-for"  # and the only consumer that has not applied it, if one
UNREADABLE: Final = "unreadable"  # to whoever read it
ALL: Final = "*"  # the readers of a topic; no consumer's name
START: Final = 10.0  # seconds
WAIT: Final = 200  # milliseconds for a fetch
STEP: Final = 500  # records of one step


class Letter(NamedTuple):
    """A dead letter: what was refused where, by which consumer, and why.

    ``timestamp`` is that of the record, in milliseconds, where it had one.
    """

    topic: str
    partition: int
    offset: int
    consumer: str
    reason: str
    key: bytes | None
    value: bytes | None
    timestamp: int | None = None

    @property
    def only_for(self) -> str | None:
        """Who alone has not applied it; None where nobody has."""
        return None if self.reason == UNREADABLE else self.consumer

    @property
    def origin(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}/{self.only_for or ALL}"


Ends = Mapping[TopicPartition, int]


class KafkaDeadLetters:
    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap

    async def ends(self, topics: Sequence[str]) -> Ends:
        """Where the logs of topics end.

        Raises:
            Unavailable: Kafka did not answer.
            MissingTopics: some do not exist.

        """
        places = await self._places(topics)
        async with self._consumer() as consumer, questions(START):
            return await log_ends(consumer, places)

    async def letters(self) -> AsyncGenerator[list[Letter], None]:
        """All dead letters that there are now, some at a time."""
        beginning = dict.fromkeys(await self._places([DEAD_LETTERS.name]), 0)
        async for records in self._read(beginning):
            yield [letter for record in records if (letter := _letter(record)) is not None]

    async def put_back_since(self, since: Ends) -> set[str]:
        """The origins of what was put back into these logs from some offsets on."""
        found: set[str] = set()
        async for records in self._read(since):
            found |= {_header(record, ORIGIN) for record in records}
        return found - {""}

    async def _places(self, topics: Sequence[str]) -> list[TopicPartition]:
        counts = await count_partitions(self._bootstrap, topics)
        return [TopicPartition(name, at) for name in topics for at in range(counts[name])]

    async def _read(self, since: Ends) -> AsyncGenerator[list[ConsumerRecord], None]:
        """What lies between offsets and the present ends."""
        async with self._consumer() as consumer:
            async with questions(START):
                ends = await log_ends(consumer, list(since))
                first = await consumer.beginning_offsets(list(since))
            reached = {place: max(since[place], first[place]) for place in since}
            behind = [place for place in since if reached[place] < ends[place]]
            if not behind:
                return
            consumer.assign(behind)
            for place in behind:
                consumer.seek(place, reached[place])
            while any(reached[place] < ends[place] for place in behind):
                async with questions(START):
                    fetched = await consumer.getmany(timeout_ms=WAIT, max_records=STEP)
                for place, records in fetched.items():
                    reached[place] = records[-1].offset + 1
                    yield list(records)

    @asynccontextmanager
    async def _consumer(self) -> AsyncGenerator[AIOKafkaConsumer, None]:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap, auto_offset_reset="earliest"
        )
        try:
            async with questions(START):
                await consumer.start()
            yield consumer
        finally:
            await stopped(consumer)


def _letter(record: ConsumerRecord) -> Letter | None:
    """None where it does not tell where it comes from: somebody else's."""
    partition, offset = (_header(record, HEADER + name) for name in ("partition", "offset"))
    topic = _header(record, HEADER + "topic")
    written = _header(record, HEADER + "timestamp")
    if not (topic and partition.isdecimal() and offset.isdecimal()):
        return None
    return Letter(
        topic=topic,
        partition=int(partition),
        offset=int(offset),
        consumer=_header(record, HEADER + "consumer"),
        reason=_header(record, HEADER + "reason"),
        key=record.key,
        value=record.value,
        timestamp=int(written) if written.isdecimal() and written != "0" else None,
    )


def _header(record: ConsumerRecord, name: str) -> str:
    return next(
        (value.decode(errors="replace") for key, value in record.headers if key == name), ""
    )
