"""Records that can never succeed: kept as they are on a topic of their own, with their context."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from secrets import token_hex
from typing import Final, NamedTuple, Protocol

import structlog
from opentelemetry import trace

from consumers.batches import Place, Reason, Record
from consumers.dead_letter_limit import DeadLetterLimit
from domain.errors import Unavailable
from domain.topics import DEAD_LETTERS
from runtime.metrics import Metrics
from stores.kafka_batches import Outgoing
from stores.kafka_dead_letters import HEADER
from stores.kafka_events import RecordTooLarge

AT_ONCE: Final = 50  # letters that are sent beside each other
TIMESTAMP_TYPES: Final = {0: "create", 1: "append"}

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class DeadLetter(NamedTuple):
    """``error`` is the name of what was raised, never its text."""

    record: Record
    reason: Reason
    error: str
    attempts: int = 1


class Writer(Protocol):
    async def send(self, records: Sequence[Outgoing]) -> None: ...


class DeadLetters:
    """Writes dead letters of one consumer, each acknowledged.

    A letter is known to be written until its record is ``done``: what comes again meanwhile, after
    an outage or a rewind, is not told again. ``allowed`` as for their limit. ``buries`` are the
    topics whose unreadable records are its to tell, None for all: what one reader of a topic
    cannot read none can, and it is one dead letter.
    """

    def __init__(
        self,
        writer: Writer,
        consumer: str,
        metrics: Metrics,
        *,
        allowed: int = 0,
        buries: Collection[str] | None = None,
    ) -> None:
        self.limit = DeadLetterLimit(allowed)
        self._writer = writer
        self._consumer = consumer
        self._metrics = metrics
        self._buries = buries
        self._written: dict[Place, set[int]] = {}

    def is_written(self, record: Record) -> bool:
        return record.sequence in self._written.get(record.place, ())

    async def write(self, letters: Sequence[DeadLetter]) -> None:
        """Each by itself: of a send that was cut off nobody knows what was written.

        Raises:
            Unavailable: some are not known to be written.

        """
        left = [
            letter
            for letter in letters
            if not self.is_written(letter.record) and not self._is_skipped(letter)
        ]
        for first in range(0, len(left), AT_ONCE):
            async with asyncio.TaskGroup() as group:
                writing = [
                    group.create_task(self._tried(letter))
                    for letter in left[first : first + AT_ONCE]
                ]
            failures = [error for one in writing if (error := one.result()) is not None]
            if failures:
                raise failures[0]

    def done(self, through: Mapping[Place, int]) -> None:
        """Nothing up to these sequences comes again."""
        for place, sequence in through.items():
            written = {one for one in self._written.pop(place, ()) if one > sequence}
            if written:
                self._written[place] = written

    def _is_skipped(self, letter: DeadLetter) -> bool:
        """Whether another reader of the topic buries the record; counted once, as written."""
        record, topic = letter.record, letter.record.place.topic
        if letter.reason is not Reason.UNREADABLE or self._buries is None or topic in self._buries:
            return False
        self._written.setdefault(record.place, set()).add(record.sequence)
        self._metrics.events_skipped.labels(topic=topic, reason=letter.reason).inc()
        return True

    async def _tried(self, letter: DeadLetter) -> Unavailable | None:
        try:
            await self._write(letter)
        except Unavailable as error:
            return error
        return None

    async def _write(self, letter: DeadLetter) -> None:
        """What does not fit with its context is kept as context and key, or as context alone.

        It says where the bytes lie.
        """
        record, outgoing = letter.record, self._outgoing(letter)
        told = {
            "consumer": self._consumer,
            "topic": record.place.topic,
            "partition": record.place.partition,
            "offset": record.offset,
        }
        try:
            await self._writer.send([outgoing])
        except RecordTooLarge:
            log.error("record.kept_without_value", **told)  # noqa: TRY400 - a fact, no failure
            await self._send_without_value(outgoing)
        self._written.setdefault(record.place, set()).add(record.sequence)
        topic, reason = record.place.topic, letter.reason
        self._metrics.dead_letters.labels(topic=topic, reason=reason).inc()
        log.warning("record.given_up", **told, reason=reason, error=letter.error)

    async def _send_without_value(self, outgoing: Outgoing) -> None:
        try:
            await self._writer.send([outgoing._replace(value=None)])
        except RecordTooLarge:
            await self._writer.send([outgoing._replace(key=None, value=None)])

    def _outgoing(self, letter: DeadLetter) -> Outgoing:
        record = letter.record
        context = {
            "topic": record.place.topic,
            "partition": record.place.partition,
            "offset": record.offset,
            "timestamp": record.timestamp,
            "timestamp-type": TIMESTAMP_TYPES.get(record.timestamp_type, "none"),
            "consumer": self._consumer,
            "reason": letter.reason,
            "exception": letter.error,
            "attempts": letter.attempts,
            "trace-id": _trace_id(),
        }
        headers = [(HEADER + name, str(value).encode()) for name, value in context.items()]
        return Outgoing(DEAD_LETTERS.name, record.key, record.value, headers)


def _trace_id() -> str:
    """Of the current trace, else one that only ties the dead letter to nothing."""
    context = trace.get_current_span().get_span_context()
    return format(context.trace_id, "032x") if context.is_valid else token_hex(16)
