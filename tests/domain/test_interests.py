"""Interests: exact sums, exact undoing, bounded memory, and folding that any order agrees on."""

import math
import random
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.accumulators import (
    DAYS_7,
    DAYS_14,
    DAYS_30,
    FOREVER,
    MAX_ENTRIES,
    PRUNE_ABOVE,
    Accumulator,
    fading_since,
    rounded,
)
from domain.events import Action, NotInterestedReason, UserInteraction
from domain.identifiers import stable_key
from domain.interests import (
    MAX_REMEMBERED,
    Interaction,
    InterestProfile,
    apply,
    forget,
    interaction_of,
    settled,
)
from domain.moderation import ReviewStatus, SafetyScores
from domain.posts import PostCategory, PostRecord
from domain.profile_packing import pack
from domain.viewer import InterestState, Statement, TargetKind, ViewerState

NOW = 1_800_000_000.0
DAY = 86_400.0


def liked(at: float = NOW, post: int = 1, **parts: object) -> Interaction:
    like = Interaction(Action.LIKE, at, post, ("art", "film"), "ann", ("a", "b", "c", "d"))
    return replace(like, **parts)


def folded(*interactions: Interaction) -> InterestProfile:
    profile = InterestProfile()
    for interaction in interactions:
        apply(profile, interaction)
    return profile


def test_a_signal_is_shared_among_topics_and_hashtags_and_whole_for_the_creator() -> None:
    profile = folded(liked())
    assert {name: entry.positive for name, entry in profile.topics.items()} == {
        "art": {DAYS_7: 2.5},
        "film": {DAYS_7: 2.5},
    }
    assert profile.creators["ann"].positive == {DAYS_7: 5.0}
    assert profile.hashtags["d"].positive == {DAYS_7: 1.25}
    assert profile.interactions == 1
    assert profile.last_active == NOW
    assert profile.liked == {1: NOW}


@pytest.mark.parametrize(
    ("action", "weight", "half_life_days"),
    [
        (Action.LIKE, 5.0, 7.0),
        (Action.COMMENT, 8.0, 7.0),
        (Action.SHARE, 10.0, 14.0),
        (Action.SAVE, 8.0, 30.0),
        (Action.DWELL, 1.0, 3.0),
        (Action.PROFILE_VISIT, 3.0, 7.0),
        (Action.FOLLOW, 15.0, math.inf),
    ],
)
def test_signals_weigh_and_fade_as_the_brief_says(
    action: Action, weight: float, half_life_days: float
) -> None:
    profile = folded(liked(action=action))
    ((decay_class, value),) = profile.creators["ann"].positive.items()
    assert value == weight
    faded = fading_since(NOW, NOW + 30 * DAY)[decay_class]
    assert faded == pytest.approx(2.0 ** (-30.0 / half_life_days))


def test_dislikes_are_kept_apart_and_by_what_they_are_about() -> None:
    profile = folded(liked(), liked(action=Action.NOT_INTERESTED))
    assert profile.topics["art"].positive == {DAYS_7: 2.5}
    assert profile.topics["art"].negative == {DAYS_30: 5.0}
    for reason, names in (
        (NotInterestedReason.TOPIC, ("topics",)),
        (NotInterestedReason.CREATOR, ("creators",)),
        (NotInterestedReason.HASHTAGS, ("hashtags",)),
        (NotInterestedReason.SEEN_BEFORE, ()),
        (NotInterestedReason.POST, ()),
    ):
        hidden = folded(liked(action=Action.NOT_INTERESTED, because=reason))
        moved = [name for name in ("topics", "creators", "hashtags") if getattr(hidden, name)]
        assert tuple(moved) == names
    (said_nothing,) = folded(liked(action=Action.NOT_INTERESTED)).creators.values()
    assert said_nothing.negative == {DAYS_30: 10.0}


@pytest.mark.parametrize(
    "action", [Action.LIKE, Action.SAVE, Action.FOLLOW, Action.HASHTAG_FOLLOW]
)
def test_what_is_set_already_is_no_interaction(action: Action) -> None:
    assert folded(*[liked(action=action)] * 5).interactions == 1
    assert folded(*[liked(action=Action.COMMENT)] * 5).interactions == 5


def test_a_long_view_is_a_dwell_and_a_short_one_only_activity() -> None:
    short = folded(liked(action=Action.VIEW, duration_ms=5_000))
    assert (short.interactions, short.topics, short.last_active) == (0, {}, NOW)
    long = folded(liked(action=Action.VIEW, duration_ms=5_001))
    assert long.interactions == 1
    assert long.creators["ann"].positive == {0: 1.0}


@settings(max_examples=60)
@given(
    st.sampled_from(
        [
            (Action.LIKE, Action.UNLIKE),
            (Action.SAVE, Action.UNSAVE),
            (Action.FOLLOW, Action.UNFOLLOW),
            (Action.HASHTAG_FOLLOW, Action.HASHTAG_UNFOLLOW),
        ]
    ),
    st.floats(0.0, 29 * DAY),
)
def test_undoing_leaves_no_trace_however_late(
    actions: tuple[Action, Action], later: float
) -> None:
    done, undone = actions
    before = folded(liked(action=Action.COMMENT, topics=("film",), creator="bob"))
    after = folded(
        liked(action=Action.COMMENT, topics=("film",), creator="bob"),
        liked(action=done),
        liked(action=undone, at=NOW + later),
    )
    for name in ("topics", "creators", "hashtags"):
        entries = {key: e.positive for key, e in getattr(after, name).items() if e.positive}
        assert entries == {key: e.positive for key, e in getattr(before, name).items()}
    assert after.liked == after.saved == {}
    assert after.followed == after.followed_hashtags == []
    assert after.interactions == 2  # undoings do not count, what was done stays counted


@given(st.floats(0.0, 0.999), st.floats(0.0, 150 * DAY))
def test_a_lone_signal_undone_is_gone_however_often_the_reference_moved(
    fraction: float, later: float
) -> None:
    profile = folded(liked(at=NOW + fraction, action=Action.SAVE))
    steps = range(31, int(later / DAY), 31)
    for day in steps:
        apply(profile, Interaction(Action.VIEW, NOW + day * DAY))
    apply(profile, liked(at=NOW + 1.0 + later, action=Action.UNSAVE))
    for entries in (profile.topics, profile.creators, profile.hashtags):
        assert [entry.positive for entry in entries.values() if entry.positive] == []
    assert profile.saved == {}


def test_sums_keep_sixteen_bits_at_every_step() -> None:
    assert rounded(1.0 + 2.0**-15) == 1.0 + 2.0**-15
    assert rounded(1.0 + 2.0**-17) == 1.0
    assert rounded(-1.0 - 3 * 2.0**-16) == -1.0 - 2.0**-14  # ties go to the even
    assert rounded(0.0) == 0.0
    thirds = folded(liked(topics=("a", "b", "c")), liked(topics=("a", "b", "c"), post=2))
    third = rounded(5.0 / 3.0)
    assert thirds.topics["a"].positive == {DAYS_7: rounded(third + third)}
    assert third != 5.0 / 3.0
    vanishing = folded(Interaction(Action.VIEW, NOW), liked(at=NOW - 3_000 * DAY))
    assert vanishing.topics["art"].positive == {}


def test_names_stay_in_the_order_of_their_newest_signals_and_sums_in_that_of_classes() -> None:
    profile = folded(
        liked(topics=("a",), action=Action.SAVE),
        liked(topics=("b",), at=NOW + 1.0, post=2),
        liked(topics=("a",), at=NOW + 2.0, post=3),
        liked(topics=("a",), at=NOW + 2.0, action=Action.SHARE),
        liked(topics=("b",), at=NOW + 0.5, post=4),
    )
    assert list(profile.topics) == ["b", "a"]
    assert list(profile.topics["a"].positive) == [DAYS_7, DAYS_14, DAYS_30]


def test_a_durable_copy_of_before_is_brought_to_what_folding_keeps() -> None:
    sums = {DAYS_30: 1.0 / 3.0, DAYS_7: 2.0, FOREVER: 0.0}
    old = InterestProfile(
        topics={"art": Accumulator(5, dict(sums), dict(sums))},
        liked={2: NOW + 0.5, 1: NOW},
    )
    found = settled(old)
    for kept in (found.topics["art"].positive, found.topics["art"].negative):
        assert list(kept.items()) == [(DAYS_7, 2.0), (DAYS_30, rounded(1.0 / 3.0))]
    assert list(found.liked.items()) == [(2, NOW), (1, NOW)]
    assert settled(folded(liked())) == folded(liked())


def test_what_is_set_already_or_not_set_moves_nothing() -> None:
    once = folded(liked(), liked(action=Action.FOLLOW))
    twice = folded(
        liked(),
        liked(at=NOW + 5.0),
        liked(action=Action.FOLLOW),
        liked(action=Action.FOLLOW),
        liked(action=Action.UNSAVE),
        liked(action=Action.HASHTAG_UNFOLLOW),
    )
    assert {n: e.positive for n, e in twice.creators.items()} == {
        n: e.positive for n, e in once.creators.items()
    }
    assert twice.followed == ["ann"]


def test_follows_and_visits_are_about_the_creator_only() -> None:
    profile = folded(liked(action=Action.FOLLOW), liked(action=Action.PROFILE_VISIT))
    assert profile.topics == profile.hashtags == {}
    assert profile.creators["ann"].positive == {FOREVER: 15.0, DAYS_7: 3.0}


interactions = st.builds(
    Interaction,
    action=st.sampled_from([Action.COMMENT, Action.SHARE, Action.DWELL, Action.NOT_INTERESTED]),
    at=st.floats(NOW, NOW + 20 * DAY),
    topics=st.lists(st.sampled_from("abcde"), max_size=3, unique=True).map(tuple),
    creator=st.sampled_from(["x", "y", "z"]),
)


# Of twelve amounts and their twelve sums, to 16 bits each, in both orders.
ROUNDINGS = 2 * 2 * 12 * 2.0**-16


@settings(max_examples=60)
@given(st.lists(interactions, min_size=1, max_size=12), st.randoms())
def test_sums_do_not_depend_on_the_order_of_events(
    events: list[Interaction], shuffler: random.Random
) -> None:
    first = Interaction(Action.VIEW, NOW)  # fixes the reference time
    shuffled = list(events)
    shuffler.shuffle(shuffled)
    one, other = folded(first, *events), folded(first, *shuffled)
    for name in ("topics", "creators"):
        mine, theirs = getattr(one, name), getattr(other, name)
        assert mine.keys() == theirs.keys()
        for key in mine:
            assert mine[key].positive == pytest.approx(theirs[key].positive, rel=ROUNDINGS)
            assert mine[key].negative == pytest.approx(theirs[key].negative, rel=ROUNDINGS)


def test_a_viewer_of_100_000_interactions_stays_small() -> None:
    profile = InterestProfile()
    for turn in range(100_000):
        apply(
            profile,
            Interaction(
                Action.LIKE,
                NOW + 60.0 * turn,
                turn,
                (f"topic{turn % 90}",),
                f"creator:{turn % 5_000}",
                (f"tag{turn % 700}",),
            ),
        )
    for entries in (profile.topics, profile.creators, profile.hashtags):
        assert MAX_ENTRIES <= len(entries) <= PRUNE_ABOVE
        assert all(math.isfinite(sum(entry.positive.values())) for entry in entries.values())
    assert len(profile.liked) == MAX_REMEMBERED
    assert list(profile.liked) == list(range(99_950, 100_000))
    assert len(pack(profile)) < 1_000


def test_a_new_reference_time_changes_no_reading() -> None:
    profile = folded(liked(), liked(action=Action.SAVE, at=NOW + DAY, post=2))
    before = {k: dict(e.positive) for k, e in profile.topics.items()}
    fading = fading_since(NOW, NOW + 31 * DAY)
    apply(profile, liked(action=Action.VIEW, at=NOW + 31 * DAY))
    assert profile.at == NOW + 31 * DAY
    expected = {
        name: {kind: rounded(value * fading[kind]) for kind, value in sums.items()}
        for name, sums in before.items()
    }
    assert {k: e.positive for k, e in profile.topics.items()} == expected


def test_forgetting_drops_what_came_before_it_and_keeps_what_came_after() -> None:
    profile = folded(liked(), liked(topics=("news",), at=NOW + 60.0, post=2))
    said = Statement(TargetKind.CATEGORY, "art", InterestState.LEARNED, NOW + 30.0)
    late = Statement(TargetKind.CATEGORY, "news", InterestState.LEARNED, NOW + 30.0)
    forget(profile, ViewerState(statements=(said, late)))
    assert set(profile.topics) == {"film", "news"}
    forget(profile, ViewerState(reset_at=NOW + 59.0))
    assert set(profile.topics) == {"film", "news"}
    forget(profile, ViewerState(reset_at=NOW + 60.0))
    assert (profile.topics, profile.creators, profile.interactions) == ({}, {}, 0)


def test_an_event_is_joined_with_its_post() -> None:
    post = PostRecord(
        id="p1",
        revision=1,
        author_id="ann",
        title=None,
        text="",
        url=None,
        language=None,
        region=None,
        created_at=NOW,
        categories=(PostCategory("art", 0.9), PostCategory("film", 0.4)),
        hashtags=("a",),
        media=(),
        status=ReviewStatus.AUTO_APPROVED,
        scores=SafetyScores(),
    )
    event = UserInteraction(
        event_id="e1", user_id="u1", action=Action.LIKE, timestamp=0, post_id="p1"
    )
    assert interaction_of(event, post, NOW) == Interaction(
        Action.LIKE, NOW, stable_key("p1"), ("art", "film"), "ann", ("a",)
    )
    own = msgspec.structs.replace(event, user_id="ann")
    assert interaction_of(own, post, NOW).creator is None
    unknown = interaction_of(event, None, NOW)
    assert (unknown.topics, unknown.creator, unknown.hashtags) == ((), None, ())
