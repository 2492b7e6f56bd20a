"""Records where nobody would look for what is counted of them are said, not passed over."""

from structlog.testing import capture_logs

from consumers.batches import Place, Record
from consumers.misplaced import EVERY, Misplaced
from stores.partitions import partitions_of

TOPIC, PARTITIONS = "explore.engagement.updated", 4


def record(key: bytes | None, *, aside: int = 0, topic: str = TOPIC) -> Record:
    """In its key's partition, or so many beside it."""
    (own,) = partitions_of([key or b""], PARTITIONS)
    return Record(Place(topic, (own + aside) % PARTITIONS), 0, 0, 0, 0, key, b"")


def said(misplaced: Misplaced, now: float, *records: Record) -> list[tuple[str, int]]:
    with capture_logs() as logs:
        misplaced.look(records, now)
    return [(one["event"], one["records"]) for one in logs]


def test_misplaced_records_are_said_once_a_minute_with_their_number() -> None:
    misplaced = Misplaced({TOPIC: PARTITIONS})
    right = [record(f"p{n}".encode()) for n in range(20)]
    assert said(misplaced, 1.0, *right) == []
    assert said(misplaced, 2.0, *right, record(b"p1", aside=1)) == [("records.misplaced", 1)]
    assert said(misplaced, 3.0, record(b"p1", aside=1), record(None)) == []
    assert said(misplaced, 2.0 + EVERY, *right) == [("records.misplaced", 2)]
    assert said(misplaced, 9.0 + 3 * EVERY, *right) == []


def test_topics_whose_partitions_nobody_looks_up_may_be_partitioned_in_any_way() -> None:
    misplaced = Misplaced({TOPIC: PARTITIONS})
    assert said(misplaced, 1.0, record(b"p1", aside=1, topic="explore.post.ingested")) == []
