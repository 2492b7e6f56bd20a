"""Writing to Kafka: every record is acknowledged by all in-sync replicas before a call returns."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from typing_extensions import override

from domain.errors import DomainError, Unavailable
from domain.events import Event
from domain.ports.event_publisher import EventPublisher
from runtime.metrics import Metrics
from stores.event_codec import EventCodec
from stores.kafka_batches import Outgoing, send_batches
from stores.kafka_producers import SharedProducer
from stores.store_calls import StoreCalls

DEPENDENCY: Final = "kafka"
FEW: Final = 8  # records that are sent one by one


class RecordTooLarge(DomainError):
    """The broker takes no record of that size, now or ever."""


class KafkaWriter:
    """Sends records; connects when first used and again whenever that failed.

    ``timeout`` in seconds bounds a whole call. What could not be sent in it is given up, with all
    that the same producer has in hand, and the next call gets a new one: nothing is sent after
    the caller was told that it was not accepted. Only a request that is on its way may still be
    taken by a broker that comes back. ``idempotent``: off for brokers without idempotent
    producers.
    """

    def __init__(
        self,
        bootstrap: str,
        *,
        timeout: float,
        idempotent: bool,
        metrics: Metrics | None = None,
    ) -> None:
        self._calls = StoreCalls(DEPENDENCY, metrics)
        self._timeout = timeout
        self._shared = SharedProducer(bootstrap, timeout=timeout, idempotent=idempotent)

    async def send(self, records: Sequence[Outgoing]) -> None:
        """Write records; those of one key keep their order.

        Raises:
            Unavailable: not all are known to be written, some may be.
            RecordTooLarge: the broker never takes one of them; others may be written.

        """
        if records:
            with self._calls("send"):
                await self._send(records)

    async def close(self) -> None:
        await self._shared.close()

    async def _send(self, records: Sequence[Outgoing]) -> None:
        producer: AIOKafkaProducer | None = None
        acknowledgements: list[asyncio.Future[object]] = []
        try:
            async with asyncio.timeout(self._timeout):
                producer = await self._shared.connected()
                async for acknowledgement in _sent(producer, records):
                    acknowledgements.append(acknowledgement)  # noqa: PERF401 - those before a failure count
                for acknowledgement in acknowledgements:
                    await acknowledgement
        except MessageSizeTooLargeError:
            raise RecordTooLarge from None
        except (KafkaError, TimeoutError, OSError) as error:
            # Where nothing of ours is with it, others may go on with it: a topic may be missing.
            if producer and not all(map(_answered, acknowledgements)):
                self._shared.drop(producer)
            raise Unavailable(DEPENDENCY, type(error).__name__) from error
        finally:
            for acknowledgement in acknowledgements:
                acknowledgement.add_done_callback(_look_at)


class KafkaEvents(EventPublisher):
    def __init__(self, writer: KafkaWriter, codec: EventCodec) -> None:
        self._writer = writer
        self._codec = codec

    @override
    async def publish(self, events: Sequence[Event]) -> None:
        await self._writer.send([Outgoing(*self._codec.encode(event)) for event in events])


async def _sent(
    producer: AIOKafkaProducer, records: Sequence[Outgoing]
) -> AsyncGenerator[asyncio.Future[object], None]:
    """The acknowledgements of records that were handed to the producer."""
    # A producer refuses to send what has neither key nor value; in a batch it may.
    empty = any(record.key is None and record.value is None for record in records)
    if len(records) > FEW or empty:
        async for acknowledgement in send_batches(producer, records):
            yield acknowledgement
        return
    for record in records:
        yield await producer.send(
            record.topic,
            record.value,
            record.key,
            timestamp_ms=record.timestamp,
            headers=list(record.headers) or None,
        )


def _answered(acknowledgement: asyncio.Future[object]) -> bool:
    """The time-out cancels the one that is awaited, but not its record."""
    return acknowledgement.done() and not acknowledgement.cancelled()


def _look_at(acknowledgement: asyncio.Future[object]) -> None:
    """The call has told of the failure already; asyncio would log it once more."""
    if not acknowledgement.cancelled():
        acknowledgement.exception()
