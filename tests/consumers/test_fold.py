"""The fold of engagement: totals, decay, people, regions, crossings."""

import math
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.engagement import (
    MAX_PEOPLE,
    MAX_REGIONS,
    VIRAL_THRESHOLD,
    WORLDWIDE,
    Contribution,
    EngagementState,
    contribution_of_person,
    contribution_of_step,
    crossings,
    fold,
    qualifies,
    region_score,
)
from domain.events import EngagementType
from domain.trending import HALF_LIFE, WEIGHT, WINDOWS, Window, current_score
from tests.consumers.log import NOON

LIKE, VIEW, REPOST = EngagementType.LIKE, EngagementType.VIEW, EngagementType.REPOST


def like(
    person: int, at: float = 0.0, *, sign: int = 1, region: str | None = None
) -> Contribution:
    return contribution_of_person(LIKE, sign, sign, NOON + at, person, region)


def folded(*contributions: Contribution) -> EngagementState:
    state = EngagementState()
    for one in contributions:
        fold(state, one)
    return state


REGIONS = [None, *(f"{first}{second}" for first in "ABCD" for second in "XYZ")]


@st.composite
def contributions(draw: st.DrawFn) -> Contribution:
    kind = draw(st.sampled_from(list(EngagementType)))
    at = NOON + draw(st.floats(-1e6, 1e6))
    region = draw(st.sampled_from(REGIONS))
    person = draw(st.none() | st.integers(0, 12))
    if person is None:
        return contribution_of_step(kind, draw(st.integers(-50, 50)), at, region)
    sign = draw(st.sampled_from([1, -1]))
    return contribution_of_person(kind, sign, sign, at, person, region)


def test_a_view_counts_and_moves_no_sum() -> None:
    state = folded(contribution_of_person(VIEW, 1, 0, NOON, 1, "DE"))
    assert state == EngagementState(views=1)


def test_sums_decay_by_their_own_half_lives() -> None:
    state = folded(like(1), like(2, HALF_LIFE[Window.HOUR]))
    hour, day, _ = state.sums[WORLDWIDE]
    assert hour == 1.5
    assert day == pytest.approx(1 + 2 ** (-HALF_LIFE[Window.HOUR] / HALF_LIFE[Window.DAY]))
    assert state.likes == 2


def test_an_event_of_the_past_lands_in_the_pasts_weight() -> None:
    late = folded(like(1, 7_200.0), like(2, 0.0))
    early = folded(like(2, 0.0), like(1, 7_200.0))
    assert late.at == early.at == NOON + 7_200.0
    assert late.sums[WORLDWIDE] == pytest.approx(early.sums[WORLDWIDE], rel=1e-12)


def test_what_is_undone_leaves_nothing() -> None:
    state = folded(
        like(1, region="DE"),
        like(2, 5_000.0, region="DE"),
        like(1, 0.0, sign=-1, region="DE"),
        like(2, 5_000.0, sign=-1, region="DE"),
    )
    assert state.sums == {WORLDWIDE: [0.0, 0.0, 0.0], "DE": [0.0, 0.0, 0.0]}
    assert (state.likes, state.people) == (0, [])
    assert region_score(state, WORLDWIDE, Window.DAY) is None


def test_three_people_qualify_for_the_windows_in_which_they_reacted() -> None:
    two = folded(like(1), like(1), like(2))
    assert not any(qualifies(two, window) for window in WINDOWS)
    three = folded(like(1), like(2), like(3, 7_200.0))
    assert [qualifies(three, window) for window in WINDOWS] == [False, True, True]


def test_one_busy_person_does_not_qualify_and_one_who_takes_back_does_not_count() -> None:
    busy = folded(*(contribution_of_person(kind, 1, 1, NOON, 1, None) for kind in EngagementType))
    assert busy.sums[WORLDWIDE][1] == sum(WEIGHT.values())
    assert not qualifies(busy, Window.DAY)
    left = folded(like(1), like(2), like(3), like(3, sign=-1))
    assert not qualifies(left, Window.DAY)
    commented = contribution_of_person(EngagementType.COMMENT, 1, 1, NOON, 3, None)
    stayed = folded(like(1), like(2), like(3), commented, like(3, sign=-1))
    assert qualifies(stayed, Window.DAY)


def test_counters_that_step_far_enough_qualify_until_they_decayed() -> None:
    state = folded(contribution_of_step(LIKE, 2, NOON, None))
    assert not qualifies(state, Window.HOUR)
    fold(state, contribution_of_step(REPOST, 1, NOON, None))
    assert [qualifies(state, window) for window in WINDOWS] == [True, True, True]
    fold(state, contribution_of_step(LIKE, 1, NOON + 7_200.0, None))
    assert [qualifies(state, window) for window in WINDOWS] == [False, True, True]


def test_a_step_of_nothing_changes_nothing() -> None:
    assert folded(contribution_of_step(VIEW, 0, NOON, None)) == EngagementState()


def test_a_step_counts_in_full_to_fifty_and_then_ever_less() -> None:
    def weight(step: int) -> float:
        return contribution_of_step(LIKE, step, NOON, None).weight

    assert [weight(step) for step in (1, 3, 50, -50)] == [1.0, 3.0, 50.0, -50.0]
    assert weight(500) == 50 * (1 + math.log(10))
    assert weight(500_000) == pytest.approx(510.5, abs=0.1)
    assert weight(-500_000) == -weight(500_000)
    steps = [weight(step) for step in range(1, 2_000)]
    growth = [later - earlier for earlier, later in pairwise(steps)]
    assert all(0 < later <= earlier + 1e-12 for earlier, later in pairwise(growth))
    assert folded(contribution_of_step(LIKE, 500_000, NOON, None)).likes == 500_000


def test_taking_back_makes_no_region_that_has_nothing() -> None:
    state = folded(like(1, region="DE"), like(1, sign=-1, region="US"))
    assert set(state.sums) == {WORLDWIDE, "DE"}


def test_people_and_regions_are_bounded_and_the_latest_and_largest_stay() -> None:
    crowd = [like(person, float(person)) for person in range(MAX_PEOPLE + 5)]
    state = folded(*crowd)
    assert [person.key for person in state.people] == list(range(5, MAX_PEOPLE + 5))
    names = [f"{chr(65 + number)}A" for number in range(MAX_REGIONS + 2)]
    state = folded(like(1, region="ZZ"), like(2, region="ZZ"), *(like(3, region=r) for r in names))
    assert len(state.sums) == MAX_REGIONS + 1
    assert "ZZ" in state.sums


def test_a_post_crosses_once_and_again_only_after_it_fell() -> None:
    threshold = VIRAL_THRESHOLD[Window.HOUR]
    state = EngagementState()
    fold(state, contribution_of_step(LIKE, int(threshold) - 1, NOON, None))
    assert crossings(state, NOON) == []
    fold(state, like(1))
    assert crossings(state, NOON) == [(Window.HOUR, threshold)]
    fold(state, like(2))
    assert crossings(state, NOON) == []
    later = 2 * HALF_LIFE[Window.HOUR]
    fold(state, like(3, later))
    assert crossings(state, NOON + later) == []
    assert Window.HOUR not in state.viral


def test_a_post_that_fell_meanwhile_crosses_anew_at_once() -> None:
    threshold = VIRAL_THRESHOLD[Window.HOUR]
    state = folded(contribution_of_step(LIKE, int(threshold), NOON, None))
    assert crossings(state, NOON) == [(Window.HOUR, threshold)]
    later = NOON + 2 * 86_400.0
    fold(state, contribution_of_step(LIKE, int(threshold), later, None))
    assert [window for window, _ in crossings(state, later)] == [Window.HOUR]


def test_what_crossed_before_it_could_be_told_is_told_while_it_is_still_above() -> None:
    threshold, half_life = VIRAL_THRESHOLD[Window.HOUR], HALF_LIFE[Window.HOUR]
    state = folded(contribution_of_step(LIKE, 2 * int(threshold), NOON, None))
    above = state.sums[WORLDWIDE][0]
    assert crossings(state, NOON + 10 * half_life) == []
    expected = pytest.approx(above * 2**-0.5)
    assert crossings(state, NOON + half_life / 2) == [(Window.HOUR, expected)]
    assert crossings(state, NOON + half_life / 2) == []


def test_pool_scores_mean_the_decayed_sum_at_any_later_time() -> None:
    state = folded(like(1), like(2), like(3, 600.0))
    score = region_score(state, WORLDWIDE, Window.HOUR)
    assert score is not None
    half_life = HALF_LIFE[Window.HOUR]
    for later in (600.0, 4_000.0, 40_000.0):
        expected = 2 * 2 ** (-later / half_life) + 2 ** (-(later - 600.0) / half_life)
        assert current_score(score, NOON + later, half_life) == pytest.approx(expected, rel=1e-6)


@given(st.lists(contributions(), max_size=60), st.lists(st.integers(1, 9), max_size=12))
def test_how_records_fall_into_batches_does_not_matter_to_the_last_byte(
    records: list[Contribution], sizes: list[int]
) -> None:
    whole = msgspec.msgpack.encode(folded(*records))
    state, left = EngagementState(), list(records)
    for size in (*sizes, len(records)):
        part, left = left[:size], left[size:]
        for one in part:
            fold(state, one)
        packed = msgspec.msgpack.encode(state)
        state = msgspec.msgpack.decode(packed, type=EngagementState)
    assert msgspec.msgpack.encode(state) == whole


@given(st.lists(contributions(), max_size=60))
def test_states_stay_finite_and_bounded(records: list[Contribution]) -> None:
    state = folded(*records)
    values = [value for sums in state.sums.values() for value in sums]
    assert all(math.isfinite(value) for value in values)
    assert len(state.people) <= MAX_PEOPLE
    assert len(state.sums) <= MAX_REGIONS + 1
    assert len(msgspec.msgpack.encode(state)) < 1_000
