"""A record as Kafka hands it over, made one of ours."""

from collections.abc import Sequence

from aiokafka import ConsumerRecord

from consumers.batches import Place, Record
from domain.fences import sequence
from stores.kafka_dead_letters import ONLY_FOR


def record_of(place: Place, epoch: int, fetched: ConsumerRecord) -> Record:
    """The record with its sequence in that epoch of the log, and for whom alone it is."""
    return Record(
        place,
        fetched.offset,
        sequence(epoch, fetched.offset),
        fetched.timestamp,
        fetched.timestamp_type,
        fetched.key,
        fetched.value,
        _only_for(fetched.headers) if fetched.headers else None,
    )


def _only_for(headers: Sequence[tuple[str, bytes]]) -> str | None:
    for name, value in headers:
        if name == ONLY_FOR:
            return value.decode(errors="replace")
    return None
