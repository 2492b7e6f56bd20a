"""Records that can never succeed: kept as they are on a topic of their own, with their context."""

from collections import deque
from collections.abc import Sequence
from secrets import token_hex
from typing import Final, NamedTuple, Protocol

import structlog
from opentelemetry import trace

from consumers.batches import Place, Reason, Record
from domain.errors import DomainError
from domain.events import DEAD_LETTERS
from runtime.metrics import Metrics
from stores.kafka_batches import Outgoing
from stores.kafka_dead_letters import HEADER
from stores.kafka_events import RecordTooLarge

MAX_IN_A_ROW: Final = 100  # of one partition
MAX_SHARE: Final = 0.05  # of a minute's records
LEAST_DEAD: Final = 100  # in a minute, before the share means anything
MINUTE: Final = 60.0
TIMESTAMP_TYPES: Final = {0: "create", 1: "append"}

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class DeadLetter(NamedTuple):
    """``error`` is the name of what was raised, never its text."""

    record: Record
    reason: Reason
    error: str
    attempts: int = 1


class TooManyDeadLetters(DomainError):
    """More than ever come from bad producers: a bad release, or a wrong topic."""


class Writer(Protocol):
    async def send(self, records: Sequence[Outgoing]) -> None: ...


class DeadLetterLimit:
    """Notices when too much dies, so that a bad release does not throw everything away.

    ``allowed`` dead ones do not count: an operator has looked at them and lets them go.
    """

    def __init__(self, allowed: int = 0) -> None:
        self._allowed = allowed
        self._in_a_row: dict[Place, int] = {}
        self._minute: deque[tuple[float, int, int]] = deque()  # when, records, dead ones

    def count(self, places: Sequence[tuple[Place, bool]], now: float) -> None:
        """Note the records of a batch in order, each with whether it is dead.

        Raises:
            TooManyDeadLetters: 100 in a row of a partition, or 5 % of a minute's records.

        """
        places = [(place, dead and not self._allow()) for place, dead in places]
        for place, dead in places:
            self._in_a_row[place] = self._in_a_row.get(place, 0) + 1 if dead else 0
            if self._in_a_row[place] >= MAX_IN_A_ROW:
                raise TooManyDeadLetters(f"{MAX_IN_A_ROW} in a row of {place.topic}")
        self._minute.append((now, len(places), sum(dead for _, dead in places)))
        while self._minute[0][0] < now - MINUTE:
            self._minute.popleft()
        records = sum(count for _, count, _ in self._minute)
        died = sum(count for _, _, count in self._minute)
        if died > LEAST_DEAD and died > MAX_SHARE * records:
            raise TooManyDeadLetters(f"{died} of {records} records of the last minute")

    def _allow(self) -> bool:
        if not self._allowed:
            return False
        self._allowed -= 1
        return True


class DeadLetters:
    """Writes dead letters of one consumer, acknowledged; ``allowed`` as for their limit."""

    def __init__(
        self, writer: Writer, consumer: str, metrics: Metrics, *, allowed: int = 0
    ) -> None:
        self._limit = DeadLetterLimit(allowed)
        self._writer = writer
        self._consumer = consumer
        self._metrics = metrics

    def count(self, fates: Sequence[tuple[Place, bool]], now: float) -> None:
        """Hold the limits; see ``DeadLetterLimit.count``."""
        self._limit.count(fates, now)

    async def write(self, letters: Sequence[DeadLetter]) -> None:
        try:
            await self._writer.send([self._outgoing(letter) for letter in letters])
        except RecordTooLarge:
            await self._write_each(letters)
        for letter in letters:
            topic = letter.record.place.topic
            self._metrics.dead_letters.labels(topic=topic, reason=letter.reason).inc()
            log.warning(
                "record.given_up",
                consumer=self._consumer,
                topic=topic,
                partition=letter.record.place.partition,
                offset=letter.record.offset,
                reason=letter.reason,
                error=letter.error,
            )

    async def _write_each(self, letters: Sequence[DeadLetter]) -> None:
        """What does not fit with its context is kept as context alone: where its bytes lie."""
        for letter in letters:
            outgoing = self._outgoing(letter)
            try:
                await self._writer.send([outgoing])
            except RecordTooLarge:
                log.error(  # noqa: TRY400 - a fact, no failure
                    "record.kept_without_value",
                    consumer=self._consumer,
                    topic=letter.record.place.topic,
                    partition=letter.record.place.partition,
                    offset=letter.record.offset,
                )
                await self._writer.send([outgoing._replace(value=None)])

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
