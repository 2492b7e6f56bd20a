"""Taking from a producer what it has not sent.

aiokafka has no call for this: stopping flushes, and an idempotent producer keeps trying for ever.
"""

from aiokafka import AIOKafkaProducer
from aiokafka.errors import ProducerClosed


def is_broken(producer: AIOKafkaProducer) -> bool:
    """Its sending task has ended by an error: it refuses whatever comes."""
    task = producer._sender.sender_task  # noqa: SLF001 - nothing public tells
    return task is not None and task.done()


def give_up(producer: AIOKafkaProducer) -> None:
    """Fail what waits for its acknowledgement, at once; nothing of it is sent from now on.

    A request that is on its way may still be taken by the broker. The producer is of no use
    afterwards, and is still to be stopped.
    """
    waiting = producer._message_accumulator  # noqa: SLF001 - see above
    for batches in waiting._batches.values():  # noqa: SLF001 - see above
        for batch in batches:
            batch.drain_ready()  # else it holds an error that nobody looks at
    waiting.fail_all(ProducerClosed())
    waiting._batches.clear()  # noqa: SLF001 - see above
    sending = producer._sender.sender_task  # noqa: SLF001 - see above
    if sending is not None:
        sending.cancel()
