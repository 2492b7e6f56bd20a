"""Records into events: decoded, checked, dated; what cannot be is a dead letter."""

from collections.abc import Sequence
from typing import Protocol

from consumers.batches import Batch, Place, Reason, Received, Record, Refused
from consumers.dead_letters import DeadLetter
from domain.events import Event, seconds
from stores.event_codec import EventCodec, Unreadable

MILLISECONDS = 1_000


class Check(Protocol):
    def check(self, received: Received) -> None: ...


def read(
    records: Sequence[Record], codec: EventCodec, check: Check, now: float, consumer: str = ""
) -> tuple[Batch, list[DeadLetter]]:
    """The batch that records make, and those of them that can never be applied.

    What was put back for another consumer than ``consumer`` counts as applied.
    """
    received: list[Received] = []
    dead: list[DeadLetter] = []
    through: dict[Place, int] = {}
    for record in records:
        through[record.place] = record.sequence
        if record.only_for is not None and record.only_for != consumer:
            continue
        try:
            event = codec.decode(record.place.topic, record.value)
            one = Received(record.place, record.sequence, _time(event, record, now), event)
            check.check(one)
        except Unreadable as error:
            dead.append(DeadLetter(record, Reason.UNREADABLE, type(error).__name__))
        except Refused as error:
            dead.append(DeadLetter(record, Reason.REJECTED, type(error).__name__))
        else:
            received.append(one)
    return Batch(received, through), dead


def _time(event: Event, record: Record, now: float) -> float:
    """Nothing happens after it was written down, whatever the producer's clock says."""
    written = min(record.timestamp / MILLISECONDS, now) if record.timestamp > 0 else now
    stated = getattr(event, "timestamp", None)
    return written if stated is None else max(0.0, min(seconds(stated), written))
