"""The end of Kafka's clients: a broker that hangs must not keep whoever stops one."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

STOP: Final = 1.0  # seconds to end by itself
LAST: Final = 0.5  # seconds to end when cancelled

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


async def stopped(kafka: AIOKafkaConsumer | AIOKafkaProducer | AIOKafkaAdminClient) -> None:
    """End a client within ``STOP + LAST`` seconds, and its connections whatever comes."""
    try:
        await bounded(kafka.close if isinstance(kafka, AIOKafkaAdminClient) else kafka.stop)
    finally:
        hang_up(kafka)


async def bounded(stop: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Await ``stop``, cut it when it takes long, and leave what ignores even that.

    It has nothing left to tell: what fails or is cut is logged.
    """
    # Not `timeout`: clients swallow a cancellation while they wait for their own tasks.
    stopping = asyncio.ensure_future(stop())
    try:
        _, late = await asyncio.wait((stopping,), timeout=STOP)
        if late:
            log.warning("kafka.stop_cut")
            stopping.cancel()
            await asyncio.wait((stopping,), timeout=LAST)
    finally:
        stopping.cancel()
        stopping.add_done_callback(_look_at)


def hang_up(kafka: AIOKafkaConsumer | AIOKafkaProducer | AIOKafkaAdminClient) -> None:
    """Close what is left of a client's connections, and end the tasks that would open them again.

    aiokafka's own ending comes to its connections last: whatever cuts it short, a group that is
    being joined or a fetch that was just asked for, leaves them to the garbage collector.
    """
    client = kafka.client if isinstance(kafka, AIOKafkaProducer) else kafka._client  # noqa: SLF001 - nothing public leads there
    for task in (*_tasks(kafka), client._sync_task):  # noqa: SLF001 - see above
        if task is not None:
            task.cancel()
    for connection in list(client._conns.values()):  # noqa: SLF001 - see above
        connection.close()


def _tasks(kafka: object) -> Generator[asyncio.Task[None] | None, None, None]:
    """Of the parts of a consumer, those that it has."""
    coordinator, fetcher = (getattr(kafka, name, None) for name in ("_coordinator", "_fetcher"))
    for name in ("_coordination_task", "_heartbeat_task", "_commit_refresh_task"):
        yield getattr(coordinator, name, None)
    yield getattr(fetcher, "_fetch_task", None)
    yield from getattr(fetcher, "_pending_tasks", ())


def _look_at(stopping: asyncio.Future[None]) -> None:
    error = None if stopping.cancelled() else stopping.exception()
    if error is not None:
        log.warning("kafka.stop_failed", error=type(error).__name__)
