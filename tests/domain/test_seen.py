"""The seen filter never forgets within seven days, stays small and bounded."""

import struct

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import seen

DAY = 86_400.0
NOW = 20_900 * DAY + 40_000.0


def digests(posts: list[str]) -> seen.Words:
    return np.array([seen.digest_words(post) for post in posts], dtype=np.uint16).reshape(-1, 8)


def checked(packed: bytes, posts: list[str], now: float = NOW) -> list[bool]:
    return seen.check(packed, digests(posts), now).tolist()


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.text("abc", min_size=1, max_size=6), st.floats(0.0, 7 * DAY)), max_size=40
    )
)
def test_nothing_seen_within_seven_days_is_ever_forgotten(views: list[tuple[str, float]]) -> None:
    packed = b""
    for post, age in sorted(views, key=lambda view: -view[1]):
        packed = seen.add(packed, [post], NOW - age)
    assert all(checked(packed, [post for post, _ in views]))


def test_busy_days_are_remembered_too_with_few_false_answers() -> None:
    posts = [f"post:{number}" for number in range(3_000)]
    packed = seen.add(b"", posts, NOW)
    assert all(checked(packed, posts))
    others = [f"other:{number}" for number in range(20_000)]
    assert sum(checked(packed, others)) / 20_000 < 0.02
    assert len(packed) < 7_500


def test_a_usual_week_takes_little_room_and_rarely_errs() -> None:
    packed = b""
    for day in range(8):
        packed = seen.add(packed, [f"{day}:{n}" for n in range(100)], NOW - (7 - day) * DAY)
    assert len(packed) == 8 * (5 + 176)
    others = [f"other:{number}" for number in range(20_000)]
    assert sum(checked(packed, others)) / 20_000 < 0.015


def test_days_fall_away_after_seven_full_ones() -> None:
    packed = seen.add(b"", ["a"], NOW)
    midnight = 20_901 * DAY
    assert checked(packed, ["a"], midnight + 7 * DAY - 1.0) == [True]
    assert checked(packed, ["a"], midnight + 7 * DAY) == [False]
    later = seen.add(packed, ["b"], NOW + 8 * DAY)
    assert len(later) == len(packed)


def test_the_answer_is_that_of_its_blocks_one_by_one() -> None:
    packed = b""
    for day in range(8):
        views = [f"{day}:{number}" for number in range((20, 150, 900, 2_000)[day % 4])]
        packed = seen.add(packed, views, NOW - (7 - day) * DAY)
    posts = [f"{number % 10}:{number * 37 % 2_500}" for number in range(4_000)]
    by_block = [any(_holds(block, post) for block in _blocks(packed)) for post in posts]
    assert 1_000 < sum(by_block) < 3_000
    assert checked(packed, posts) == by_block


def _blocks(packed: bytes) -> list[tuple[int, bytes]]:
    """The positions and bits of each block."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(packed):
        _, number, _ = struct.unpack_from("<HBH", packed, at)
        size, start = 1_408 << number, at + 5
        at = start + size // 8
        found.append((size, packed[start:at]))
    return found


def _holds(block: tuple[int, bytes], post: str) -> bool:
    size, bits = block
    places = [word * size >> 16 for word in seen.digest_words(post)]
    return all(bits[place >> 3] & 128 >> (place & 7) for place in places)


def test_adding_again_changes_nothing() -> None:
    packed = seen.add(b"", ["a", "b"], NOW)
    assert seen.add(packed, ["b", "a", "a"], NOW) == packed
    other = seen.add(b"", [f"p{n}" for n in range(150)], NOW)
    assert seen.add(other, ["p3", "p140"], NOW) == other


def test_late_views_land_on_their_own_day_or_nowhere() -> None:
    packed = seen.add(seen.add(b"", ["new"], NOW), ["late"], NOW - 7 * DAY)
    assert checked(packed, ["new", "late"]) == [True, True]
    assert checked(packed, ["new", "late"], NOW + DAY) == [True, False]
    assert seen.add(packed, ["too late"], NOW - 8 * DAY) == packed


def test_a_torn_or_foreign_value_is_no_error() -> None:
    packed = seen.add(b"", ["a"], NOW)
    assert checked(packed[:-1], ["a"]) == [False]
    assert checked(b"\x00" * 3, ["a"]) == [False]
    assert checked(b"\xff" * 400, ["a"]) == [False]
    assert checked(packed, []) == []
