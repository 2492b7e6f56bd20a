"""A consumer's side of Kafka: which partitions, from where, and how to let go of them.

Membership ``group``: a static member of the consumer's group, with eager rebalancing. ``sole``:
all partitions, for brokers whose groups cannot be relied on. Either way each partition is opened
before anything of it is handed out: its epoch is found and reading starts at the fence, for
partitions that have one, else where the last commit left off.
"""

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

import structlog
from aiokafka import (
    AIOKafkaConsumer,
    ConsumerRebalanceListener,
    ConsumerRecord,
    TopicPartition,
)
from aiokafka.errors import (
    CommitFailedError,
    IllegalStateError,
    KafkaError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
    RecordTooLargeError,
)
from typing_extensions import override

from consumers.batches import Fences, Place, Record
from consumers.kafka_record import record_of
from consumers.membership import LogMark, LogMarks, Subscription
from consumers.misplaced import Misplaced
from consumers.positions import Bounds, Start, after_commit, behind_fence, next_offset
from domain.errors import Unavailable
from runtime.settings import Membership
from stores.kafka_bounds import log_bounds, questions
from stores.kafka_stops import stopped

START: Final = 10.0  # seconds to connect
GRACE: Final = 0.2  # beyond the time that a poll may take
RELEASE: Final = 8.0  # seconds for a batch to end before its partitions are let go
MILLISECONDS: Final = 1_000

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class KafkaRecords(ConsumerRebalanceListener):
    """Hands out records in the order of each partition."""

    def __init__(
        self, bootstrap: str, subscription: Subscription, marks: LogMarks, fences: Fences | None
    ) -> None:
        self._bootstrap = bootstrap
        self._subscription = subscription
        self._marks = marks
        self._fences = fences
        # The others' topics may be partitioned in any way that keeps a key's records in order.
        self._misplaced = Misplaced(
            {fences.fenced_topic: subscription.partitions[fences.fenced_topic]} if fences else {}
        )
        grouped = subscription.membership is Membership.GROUP
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap,
            client_id=subscription.group,
            group_id=subscription.group,
            group_instance_id=subscription.member if grouped else None,
            auto_offset_reset="none",  # positions are found by us
            enable_auto_commit=False,
            fetch_max_wait_ms=250,
            max_partition_fetch_bytes=1024 * 1024,
        )
        self._epochs: dict[Place, int] = {}  # of the partitions that are open
        self._positions: dict[Place, int] = {}
        self._done: dict[Place, int] = {}  # up to what all was done, by us or before us
        self._unopened: set[Place] = set()
        self._mark: LogMark | None = None
        self._idle = asyncio.Event()
        self._idle.set()
        self._paused = False
        self._openings = 0

    @property
    def openings(self) -> int:
        """Grows whenever partitions are opened, read again or taken away."""
        return self._openings

    async def start(self) -> None:
        async with questions(START):
            await self._consumer.start()
        counts = self._subscription.partitions
        if self._subscription.membership is Membership.GROUP:
            self._consumer.subscribe(list(counts), listener=self)
            return
        places = [Place(name, at) for name, count in counts.items() for at in range(count)]
        self._consumer.assign([TopicPartition(*place) for place in places])
        self._unopened = set(places)

    async def stop(self) -> None:
        await stopped(self._consumer)

    async def poll(self, seconds: float, limit: int) -> list[Record]:
        """The next records, after at most ``seconds``; fewer than ``limit`` if there are no more.

        Raises:
            Unavailable: Kafka, or the store of the fences, is away.

        """
        if self._unopened:
            await self._open(self._unopened)
        if self._paused:
            self._consumer.resume(*self._consumer.assignment())
            self._paused = False
        try:
            found = await self._fetch(seconds, limit)
        except OffsetOutOfRangeError:
            self.rewind(self._epochs)  # the log was cut or made anew below us
            return []
        records: list[Record] = []
        for partition, fetched in found.items():
            records += self._hand_out(Place(*partition), fetched)
        self._misplaced.look(records, asyncio.get_running_loop().time())
        return records

    async def idle(self, seconds: float) -> None:
        """Hand out nothing, while polling goes on."""
        self._consumer.pause(*self._consumer.assignment())
        self._paused = True
        try:
            found = await self._fetch(seconds, 1)
        except (OffsetOutOfRangeError, Unavailable):
            await asyncio.sleep(seconds)  # the broker is away: there is nothing to keep alive
            return
        self.rewind([Place(*partition) for partition in found])  # assigned just now

    @asynccontextmanager
    async def handling(self) -> AsyncGenerator[None, None]:
        """Around the work on a batch and its commit: partitions are not let go meanwhile."""
        self._idle.clear()
        try:
            yield
        finally:
            self._idle.set()

    async def commit(self) -> None:
        """Note in Kafka that everything handed out is done."""
        offsets = {
            TopicPartition(*place): offset
            for place, offset in self._positions.items()
            if place in self._epochs
        }
        if not offsets:
            return
        self._done |= {Place(*partition): offset for partition, offset in offsets.items()}
        try:
            async with questions():
                await self._consumer.commit(offsets)
        except (CommitFailedError, IllegalStateError):
            log.info("commit.overtaken", consumer=self._subscription.group)

    def rewind(self, places: Collection[Place]) -> None:
        """Open these partitions anew, as far as they are ours, before more is handed out."""
        if not places:
            return
        self._openings += 1
        assigned = self._consumer.assignment()
        for place in list(places):
            self._epochs.pop(place, None)
            self._positions.pop(place, None)
            if TopicPartition(*place) in assigned:  # else each poll would try to open it, for ever
                self._unopened.add(place)

    async def refresh(self) -> None:
        """Notice another log or store."""
        mark = await self._marks.read()
        if self._mark is not None and mark != self._mark:
            log.warning("partitions.reopened", consumer=self._subscription.group)
            self.rewind(self._epochs)
        self._mark = mark
        shorter = [
            place for place, records in self._behind(self._positions).items() if records < 0
        ]
        if shorter:
            self.rewind(shorter)

    def behind(self) -> Mapping[Place, int]:
        """How many records are not done, by partition, as of the last fetch."""
        return {place: max(0, count) for place, count in self._behind(self._done).items()}

    def _behind(self, offsets: Mapping[Place, int]) -> dict[Place, int]:
        assigned = self._consumer.assignment()
        return {
            place: end - at
            for place, at in offsets.items()
            if TopicPartition(*place) in assigned
            and (end := self._consumer.highwater(TopicPartition(*place))) is not None
        }

    @override
    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Let the batch in hand end and be committed; one that does not end is another's now."""
        try:
            async with asyncio.timeout(RELEASE):
                await self._idle.wait()
        except TimeoutError:
            log.warning("partitions.taken_away", consumer=self._subscription.group)
        if self._fences is not None:
            self._fences.release()
        self._openings += 1
        self._epochs.clear()
        self._positions.clear()
        self._done.clear()
        self._unopened.clear()

    @override
    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        self._unopened = {Place(*partition) for partition in assigned}
        log.info("partitions.assigned", consumer=self._subscription.group, count=len(assigned))

    async def _fetch(
        self, seconds: float, limit: int
    ) -> Mapping[TopicPartition, Sequence[ConsumerRecord]]:
        try:
            # Without a bound of its own it waits for as long as a group has no assignment.
            async with asyncio.timeout(seconds + GRACE):
                return await self._consumer.getmany(
                    timeout_ms=round(seconds * MILLISECONDS), max_records=limit
                )
        except (TimeoutError, NoOffsetForPartitionError):  # no assignment, or one not opened yet
            return {}
        except OffsetOutOfRangeError:
            raise
        except RecordTooLargeError as error:
            # The broker cut it, and the client is past it already: rather stand than skip it.
            self.rewind(self._epochs)
            raise Unavailable("kafka", "it cuts a record that is larger than a fetch") from error
        except (KafkaError, OSError) as error:
            raise Unavailable("kafka", type(error).__name__) from error

    def _hand_out(self, place: Place, fetched: Sequence[ConsumerRecord]) -> list[Record]:
        epoch = self._epochs.get(place)
        if epoch is None:  # assigned while we waited: it is opened first, and read again
            return []
        self._positions[place] = fetched[-1].offset + 1
        return [record_of(place, epoch, record) for record in fetched]

    async def _open(self, unopened: Collection[Place]) -> None:
        self._openings += 1
        openings, places = self._openings, sorted(unopened)
        mark = self._mark = await self._marks.read()
        fences = await self._open_fences(places)
        try:
            reached = {
                TopicPartition(*place): await self._reached(place, fences) for place in places
            }
        except IllegalStateError:  # taken away meanwhile
            return
        bounds = await log_bounds(self._consumer, self._bootstrap, reached)
        if self._openings != openings:  # taken away meanwhile: another may have gone on from there
            return
        for place in places:
            partition = TopicPartition(*place)
            known = Bounds(mark.epoch, *bounds[partition])
            if place in fences:
                self._begin(place, behind_fence(fences[place], known))
            else:
                self._begin(place, after_commit(reached[partition], known))

    async def _reached(self, place: Place, fences: Mapping[Place, int]) -> int:
        """The offset behind what is done of a partition."""
        if place in fences:
            return next_offset(fences[place])
        async with questions():
            return await self._consumer.committed(TopicPartition(*place)) or 0

    async def _open_fences(self, places: Sequence[Place]) -> Mapping[Place, int]:
        if self._fences is None:
            return {}
        topic = self._fences.fenced_topic
        mine = [place.partition for place in places if place.topic == topic]
        if not mine:
            return {}
        fences = await self._fences.open(mine)
        return {Place(topic, partition): fence for partition, fence in fences.items()}

    def _begin(self, place: Place, start: Start) -> None:
        if start.anew:
            log.warning("log.made_anew", topic=place.topic, partition=place.partition)
        self._unopened.discard(place)
        try:
            self._consumer.seek(TopicPartition(*place), start.offset)
        except IllegalStateError:  # taken away just now; if it comes back it is assigned anew
            return
        self._epochs[place] = start.epoch
        self._positions[place] = self._done[place] = start.offset
