"""The producer that all calls share, and its successor when it failed."""

import asyncio
from typing import Final

from aiokafka import AIOKafkaProducer

from runtime.background import Background
from stores.kafka_giving_up import give_up, is_broken
from stores.kafka_stops import STOP, bounded, hang_up, stopped

CONNECT: Final = 5.0  # seconds
MAX_REQUEST: Final = 32 * 1024 * 1024  # bytes; the broker's own limit decides
BATCH: Final = 256 * 1024  # bytes per partition and request
MILLISECONDS: Final = 1_000


class SharedProducer:
    """Connects when first used, again whenever that failed, and anew when one was dropped.

    ``timeout`` in seconds bounds a request. ``idempotent``: off for brokers without idempotent
    producers.
    """

    def __init__(self, bootstrap: str, *, timeout: float, idempotent: bool) -> None:
        self._bootstrap = bootstrap
        self._timeout = timeout
        self._idempotent = idempotent
        self._producer: AIOKafkaProducer | None = None
        self._connecting: asyncio.Task[AIOKafkaProducer] | None = None
        self._ending = Background()

    async def connected(self) -> AIOKafkaProducer:
        """May raise whatever aiokafka does."""
        if self._producer is not None and is_broken(self._producer):
            self.drop(self._producer)
        if self._producer is not None:
            return self._producer
        if self._connecting is None:
            # In a task of its own: among many callers each would have but the moment until its
            # own deadline, too short to connect, and none ever would.
            self._connecting = asyncio.ensure_future(self._connect())
            self._connecting.add_done_callback(self._settle)
        return await asyncio.shield(self._connecting)

    def drop(self, producer: AIOKafkaProducer) -> None:
        """Fail what is still with it, of whichever call, and give later calls another one."""
        if producer is self._producer:
            self._producer = None
            give_up(producer)
            self._ending.start("kafka.producer_end", _end(producer))

    async def close(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.wait((self._connecting,), timeout=2 * STOP)
        producer, self._producer = self._producer, None
        if producer is not None:
            await bounded(producer.flush)  # what callers left with it that were cancelled
            give_up(producer)
            await _end(producer)
        await self._ending.drain(2 * STOP)

    def _settle(self, connecting: asyncio.Task[AIOKafkaProducer]) -> None:
        self._connecting = None
        if not connecting.cancelled() and connecting.exception() is None:
            self._producer = connecting.result()

    async def _connect(self) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap,
            client_id="explore",
            acks="all",
            enable_idempotence=self._idempotent,
            max_batch_size=BATCH,
            max_request_size=MAX_REQUEST,
            request_timeout_ms=max(1, round(self._timeout * MILLISECONDS)),
        )
        try:
            async with asyncio.timeout(CONNECT):
                await producer.start()
        except BaseException:
            await stopped(producer)
            raise
        return producer


async def _end(producer: AIOKafkaProducer) -> None:
    """Of one that was given up: its connections first, for its tasks wait for their answers."""
    hang_up(producer)
    await stopped(producer)
