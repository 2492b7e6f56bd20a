"""The latest event ids of a partition."""

from hypothesis import given
from hypothesis import strategies as st

from consumers.event_ids import REMEMBERED, SEGMENT, SEGMENTS, EventIds


def stored(ids: EventIds, kept: dict[int, bytes]) -> EventIds:
    """The same ids after a restart."""
    kept |= ids.changed()
    ids.keep()
    return EventIds(list(kept.values()))


def test_an_id_is_new_once_and_again_if_its_batch_failed() -> None:
    ids = EventIds()
    assert ids.remember("a")
    assert not ids.remember("a")
    ids.drop()
    assert ids.remember("a")
    ids.keep()
    ids.drop()
    assert not ids.remember("a")


def test_the_last_ten_thousand_are_known_after_restarts_and_no_more_are_kept() -> None:
    ids, kept = EventIds(), dict[int, bytes]()
    count = 0
    for first in range(0, 3 * REMEMBERED, 700):
        for number in range(first, first + 700):
            assert ids.remember(f"e{number}")
        ids = stored(ids, kept)
        count = first + 700
    assert not any(ids.remember(f"e{number}") for number in range(count - REMEMBERED, count))
    assert ids.remember("e0")
    assert len(kept) == SEGMENTS
    assert max(map(len, kept.values())) == 8 + 8 * SEGMENT


@given(st.lists(st.integers(1, 1_300), max_size=5))
def test_how_ids_fall_into_batches_does_not_change_what_is_stored(sizes: list[int]) -> None:
    whole, parts = EventIds(), EventIds()
    total = sum(sizes)
    for number in range(total):
        whole.remember(f"e{number}")
    expected = dict(whole.changed())
    kept, first = dict[int, bytes](), 0
    for size in sizes:
        for number in range(first, first + size):
            parts.remember(f"e{number}")
        kept |= parts.changed()
        parts.keep()
        first += size
    assert kept == expected
