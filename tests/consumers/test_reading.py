"""Records into events: their times, and what becomes a dead letter."""

import pytest

from consumers.batches import Place, Reason, Received, Record, Refused
from consumers.reading import read
from domain.topics import ENGAGEMENT_UPDATED, USER_UPDATED
from stores.event_codec import EventCodec

NOW = 1_790_000_000.0
PLACE = Place(ENGAGEMENT_UPDATED.name, 1)


class Lenient:
    def check(self, received: Received) -> None:
        return


class Strict:
    def check(self, received: Received) -> None:
        raise Refused


def record(stated: str, written: float, *, offset: int = 5, place: Place = PLACE) -> Record:
    value = f'{{"postId":"p","type":"LIKE","delta":1,"timestamp":{stated}}}'.encode()
    return Record(place, offset, offset, round(written * 1_000), 0, None, value)


@pytest.mark.parametrize(
    ("stated", "written", "expected"),
    [
        ("1789999000000", NOW, 1_789_999_000.0),  # an event of the past keeps its time
        ("1790000900000", NOW - 5.0, NOW - 5.0),  # one of the future counts as written down
        ("1790000900000", NOW + 99.0, NOW),  # and both clocks may be ahead
        ("1790000900000", -0.001, NOW),  # the record tells no time
        ("-99000", NOW, 0.0),
    ],
)
def test_nothing_happens_after_it_was_written_down(
    stated: str, written: float, expected: float
) -> None:
    batch, dead = read([record(stated, written)], EventCodec(), Lenient(), NOW)
    assert [one.at for one in batch.received] == [expected]
    assert dead == []


def test_an_event_without_a_time_has_its_records() -> None:
    value = b'{"userId":"u","handle":"h","displayName":"d"}'
    one = Record(Place(USER_UPDATED.name, 0), 0, 0, 1_789_999_999_000, 1, b"u", value)
    batch, _ = read([one], EventCodec(), Lenient(), NOW)
    assert batch.received[0].at == 1_789_999_999.0


def test_a_batch_reaches_through_its_dead() -> None:
    bad = Record(PLACE, 6, 6, 0, 0, None, b"no event")
    other = record("5", NOW, offset=3, place=Place(ENGAGEMENT_UPDATED.name, 2))
    batch, dead = read([record("5", NOW), bad, other], EventCodec(), Lenient(), NOW)
    assert [one.sequence for one in batch.received] == [5, 3]
    assert dict(batch.through) == {PLACE: 6, other.place: 3}
    assert [(one.record, one.reason, one.error) for one in dead] == [
        (bad, Reason.UNREADABLE, "Unreadable")
    ]


def test_what_the_handler_refuses_is_rejected() -> None:
    one = record("5", NOW)
    batch, dead = read([one], EventCodec(), Strict(), NOW)
    assert list(batch.received) == []
    assert [(letter.reason, letter.error) for letter in dead] == [(Reason.REJECTED, "Refused")]
