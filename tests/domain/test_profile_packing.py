"""Packed profiles: exact, the same however events fall into batches, small, none if foreign."""

import random
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.accumulators import HALF_LIVES, LEAST, Accumulator, rounded
from domain.events import Action
from domain.interests import Interaction, InterestProfile, apply
from domain.profile_packing import VERSION, pack, unpack

DAY = 86_400.0
NOW = 1_800_000_000.0
NAMES = st.text(max_size=8)
SUMS = st.dictionaries(
    st.sampled_from(range(len(HALF_LIVES))), st.floats(2 * LEAST, 1e9).map(rounded)
).map(lambda sums: dict(sorted(sums.items())))
TIMES = st.integers(0, 2**32 - 1)
ENTRIES = st.dictionaries(NAMES, st.builds(Accumulator, TIMES, SUMS, SUMS), max_size=8)
REMEMBERED = st.dictionaries(st.integers(-(2**63), 2**63 - 1), TIMES.map(float), max_size=8)
PROFILES = st.builds(
    InterestProfile,
    fence=st.integers(-1, 2**53),
    at=st.floats(0.0, 4e9),
    interactions=st.integers(0, 2**40),
    topics=ENTRIES,
    creators=ENTRIES,
    hashtags=ENTRIES,
    liked=REMEMBERED,
    saved=REMEMBERED,
    followed=st.lists(NAMES, max_size=4),
    followed_hashtags=st.lists(NAMES, max_size=4),
    last_active=st.floats(0.0, 4e9),
)
INTERACTIONS = st.builds(
    Interaction,
    action=st.sampled_from([*Action]),
    at=st.floats(NOW - 2 * DAY, NOW + 90 * DAY),
    post=st.one_of(st.none(), st.integers(0, 5)),
    topics=st.lists(st.sampled_from("abcde"), max_size=3, unique=True).map(tuple),
    creator=st.sampled_from(["x", "y", "z", None]),
    hashtags=st.lists(st.sampled_from("pqrs"), max_size=3, unique=True).map(tuple),
    duration_ms=st.sampled_from([0, 9_000]),
)


def rows(profile: InterestProfile | None) -> bytes:
    """Unlike ``==``, this tells orders apart."""
    return msgspec.msgpack.encode(profile)


@given(PROFILES)
def test_what_is_packed_comes_back_to_the_last_bit_and_in_order(profile: InterestProfile) -> None:
    assert rows(unpack(pack(profile))) == rows(profile)


@settings(max_examples=200)
@given(st.lists(INTERACTIONS, max_size=30), st.lists(st.integers(0, 30), max_size=6))
def test_storing_between_any_two_events_changes_no_byte(
    events: list[Interaction], cuts: list[int]
) -> None:
    whole, stored = InterestProfile(), InterestProfile()
    for event in events:
        apply(whole, event)
    for start, end in pairwise(sorted([0, *cuts, len(events)])):
        for event in events[start:end]:
            apply(stored, event)
        found = unpack(pack(stored))
        assert found is not None
        stored = found
    assert rows(stored) == rows(whole)
    assert pack(stored) == pack(whole)


@given(PROFILES, st.floats(0.0, 1.0, exclude_max=True))
def test_a_torn_value_is_none(profile: InterestProfile, share: float) -> None:
    packed = pack(profile)
    assert unpack(packed[: int(len(packed) * share)]) is None


@pytest.mark.parametrize("first", [VERSION - 1, VERSION + 1, 0x9B])
def test_a_profile_of_another_version_is_none(first: int) -> None:
    assert unpack(bytes((first,)) + pack(InterestProfile())[1:]) is None
    assert unpack(rows(InterestProfile())) is None  # as they were before there were versions


@given(st.binary(max_size=60))
def test_whatever_else_lies_there_is_none(junk: bytes) -> None:
    assert unpack(bytes((VERSION, 0, 0)) + junk) is None


def test_a_full_profile_fits_two_kilobytes() -> None:
    """With times to the second; names of creators are short ones."""
    chance, profile = random.Random(1), InterestProfile()
    for number in range(700):
        apply(
            profile,
            Interaction(
                chance.choice([Action.VIEW, Action.LIKE, Action.SAVE]),
                NOW + number * 864.0 + chance.randrange(864),
                chance.getrandbits(63),
                (f"topic{number % 12}",),
                f"author:{chance.randrange(500)}",
                (f"tag{chance.randrange(40)}", f"other{chance.randrange(30)}"),
            ),
        )
    assert len(profile.liked) == len(profile.saved) == 50
    assert len(rows(profile)) > 5_000
    assert len(pack(profile)) < 2_200
